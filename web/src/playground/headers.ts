import type { SignIn as Offered } from '../config'

type SignIn = Pick<Offered, 'label' | 'token'>

type Headers = Record<string, unknown>

const AUTHORIZATION = 'Authorization'
const isAuthorization = (name: string) => name.toLowerCase() === 'authorization'

/** The same headers with Authorization spelled so: HTTP does not mind, connection_init does. */
export function canonical(headers: Headers): Headers {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [isAuthorization(name) ? AUTHORIZATION : name, value]))
}

/** Text for the headers editor: what was there, with the Authorization of this person instead. */
export function withSignIn(text: string, signIn: SignIn): string {
  const headers = { ...canonical(parse(text)), [AUTHORIZATION]: `Bearer ${signIn.token}` }
  return JSON.stringify(headers, null, 2)
}

/** The person whose token is in the headers text; undefined when it is nobody of the list. */
export function signInOf(text: string, signIns: SignIn[]): SignIn | undefined {
  const authorization = canonical(parse(text))[AUTHORIZATION]
  return signIns.find((signIn) => authorization === `Bearer ${signIn.token}`)
}

/** The same text without Authorization: the account's token takes its place when a request is sent. */
export function withoutSignIn(text: string): string {
  const { [AUTHORIZATION]: _gone, ...headers } = canonical(parse(text))
  return JSON.stringify(headers, null, 2)
}

/** The headers of a text. */
export const headersIn = (text: string): Headers => canonical(parse(text))

/** Whether headers say who asks. */
export const authorized = (headers: Headers): boolean => /^bearer\s+\S/i.test(String(canonical(headers)[AUTHORIZATION] ?? ''))

// Half-typed text counts as no headers here; GraphiQL says what is wrong when it runs.
function parse(text: string): Headers {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Headers) : {}
  } catch {
    return {}
  }
}
