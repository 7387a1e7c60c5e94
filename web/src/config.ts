import { setClock } from './design/clock'

/** A demo person, or the demo's website, that a page can act as. */
export interface SignIn {
  /** Workspace and address, such as "demo manager@demo.test". */
  label: string
  token: string
  kind: 'member' | 'ai_agent' | 'contact' | 'website'
  name: string
  /** The workspace's name. */
  workspace: string
  /** A member's role; empty for others. */
  role: string
  /** The AI agent that answers the visitors of a website; left out for others. */
  aiAgentId?: string
}

/** What the server tells its pages. signIns is empty outside the demo. */
export interface Config {
  endpoint: string
  signIns: SignIn[]
  /** Where people sign in; left out without a provider. */
  oidc?: Provider
  /** Whether login links sign people in. */
  links?: boolean
}

/** An OpenID Connect provider. */
export interface Provider {
  issuer: string
  clientId: string
  scope: string
  /** Set when the API wants access tokens for it; it is given ID tokens otherwise. */
  audience?: string
  /** null while the provider does not answer the server. */
  endpoints: { authorization: string; token: string; endSession?: string; revocation?: string; namesIssuer?: boolean } | null
}

let last: Config | undefined

/** What the server said last; undefined before it said anything. */
export const lastConfig = (): Config | undefined => last

/** Reads the server's config. Rejects with a message for the person at the screen. */
export async function loadConfig(url = '/config.json'): Promise<Config> {
  const asked = Date.now()
  const response = await fetch(url).catch(() => {
    throw new Error('The server could not be reached.')
  })
  setClock(response, asked)
  if (response.status === 421) throw new Error(await response.text()) // says what to do
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}; is the server the one that built this page?`)
  }
  last = (await response.json()) as Config
  return last
}
