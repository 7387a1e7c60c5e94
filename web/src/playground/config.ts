/** A demo person the playground can act as. */
export interface SignIn {
  label: string
  token: string
}

/** What the server tells the page. signIns is empty outside the demo. */
export interface Config {
  endpoint: string
  signIns: SignIn[]
}

/** Reads the server's config. Rejects with a message for the person at the screen. */
export async function loadConfig(url = '/playground/config.json'): Promise<Config> {
  const response = await fetch(url)
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}; is the server the one that built this page?`)
  }
  return (await response.json()) as Config
}
