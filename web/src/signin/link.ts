import { type Account, account, keepAccount, mayKeep } from './account'
import { Over } from './over'

interface Answer {
  token: string
  expiresIn: number
  renewal: string
  name: string
  message?: string
}

/** Uses the secret of a login link, which works once. Rejects with a message for people. */
async function beginByLink(secret: string): Promise<Account> {
  return toAccount(crypto.randomUUID?.() ?? String(Math.random()), await post('/login/begin', secret))
}

/**
 * Signs in with a login link in every window, and ends the sign-in by a link that it replaces. Where the browser keeps
 * nothing the link is not used, so that it works elsewhere.
 */
export async function enterByLink(secret: string): Promise<void> {
  if (!mayKeep()) throw new Error('This browser lets the page keep nothing. Allow it to store data for this site, and press again: the link was not used.')
  const next = await beginByLink(secret)
  const before = account()
  keepAccount(next)
  if (before?.issuer === null) await endByLink(before).catch(() => {})
}

/** The next token of a sign-in by a link. */
export async function renewByLink(kept: Account): Promise<Account> {
  return toAccount(kept.id, await post('/login/renew', kept.renewal ?? ''))
}

/** Ends a sign-in by a link; the server renews it no more. */
export const endByLink = (kept: Account) => post('/login/end', kept.renewal ?? '')

async function post(path: string, secret: string): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret }), keepalive: true })
  } catch {
    throw new Error('The server could not be reached. Try again in a few seconds.')
  }
  const answer = (await response.json().catch(() => ({}))) as Answer
  const said = answer.message ?? `The server answered with ${response.status}.`
  if (response.status === 401) throw new Over(said)
  if (!response.ok) throw new Error(said)
  return answer
}

function toAccount(id: string, { token, expiresIn, renewal, name }: Answer): Account {
  const now = Date.now()
  return { id, name, token, renewal, issuer: null, renewedAt: now, expiresAt: now + expiresIn * 1000 }
}

/** Whom a link is for, as it says itself: to be shown, not to be trusted. */
export function nameInLink(secret: string): string | null {
  try {
    const payload = secret.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0))
    const { name } = JSON.parse(new TextDecoder().decode(bytes)) as { name?: unknown }
    return typeof name === 'string' && name ? name.slice(0, 200) : null
  } catch {
    return null
  }
}
