import type { Config } from '../config'
import { windowKept } from './storage'

/** How somebody is signed in in this window. */
export interface Session {
  token: string
  /** The demo person's label; null for a token of one's own. */
  label: string | null
}

const REMEMBERED = 'switchboard:session'

/** Who was signed in here before a reload. A demo person gets today's token. */
export function remembered({ signIns }: Config): Session | null {
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
  if (!session) return windowKept.remove(REMEMBERED)
  const kept = session.label ? { ...session, token: '' } : session
  windowKept.set(REMEMBERED, JSON.stringify(kept))
}
