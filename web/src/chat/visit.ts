import { windowKept } from '../design/storage'

/** A chat that a visitor has in this window. */
export interface Visit {
  /** The contact's own token: it reaches this chat and nothing else. */
  token: string
  conversation: string
  /** Whom the visitor talks to. */
  company: string
  /** A place in the stream behind which nothing was heard yet. */
  cursor: string | null
}

const REMEMBERED = 'switchboard:visit'

/** The chat that was begun here before a reload. */
export function remembered(): Visit | null {
  try {
    const visit = JSON.parse(windowKept.get(REMEMBERED) ?? 'null') as Visit | null
    return visit?.token && visit.conversation ? visit : null
  } catch {
    return null
  }
}

/** Keeps a chat for this window until it is closed; null forgets it. */
export function remember(visit: Visit | null): void {
  if (visit) windowKept.set(REMEMBERED, JSON.stringify(visit))
  else windowKept.remove(REMEMBERED)
}
