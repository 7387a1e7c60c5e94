import type { TokenSource } from '../../client/index'
import { type Config, loadConfig } from '../config'
import { account } from '../signin/account'
import { freshToken } from '../signin/fresh'
import { windowKept } from './storage'

/** How somebody is signed in in this window. */
export interface Session {
  /** Empty for an account, whose token changes. */
  token: string
  /** The demo person's label; null for others. */
  label: string | null
  /** The account that every window has; left out for who is signed in in this window alone. */
  account?: string
}

const REMEMBERED = 'switchboard:session'

/** Who was signed in here before a reload, or is in all windows. A demo person gets today's token. */
export function remembered(config: Config): Session | null {
  const shared = account()
  return ownOf(config) ?? (shared && { token: '', label: null, account: shared.id })
}

function ownOf({ signIns }: Config): Session | null {
  try {
    const { token, label } = JSON.parse(windowKept.get(REMEMBERED) ?? 'null') as Session
    if (label === null) return { token, label }
    const offered = signIns.find((signIn) => signIn.label === label)
    return offered ? { token: offered.token, label } : null
  } catch {
    return null
  }
}

/** Keeps a sign-in for this window until it is closed; null forgets it. */
export function remember(session: Session | null): void {
  if (!session || session.account) return windowKept.remove(REMEMBERED)
  const kept = session.label ? { ...session, token: '' } : session
  windowKept.set(REMEMBERED, JSON.stringify(kept))
}

/** The session's token, for a connection. A demo that was started again has other tokens for the same people. */
export function tokenOf(config: Config, { token, label, account: id }: Session): TokenSource {
  if (id) return (refused) => freshToken(config, id, refused)
  if (label === null) return token
  return async (refused) => {
    if (refused === undefined) return token
    return (await loadConfig()).signIns.find((signIn) => signIn.label === label)?.token ?? token
  }
}

/** What changes when somebody else is signed in. */
export const keyOf = ({ token, account: id }: Session): string => id ?? token
