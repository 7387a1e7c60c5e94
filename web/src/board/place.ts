import { useMemo, useSyncExternalStore } from 'react'

/** Where in the board somebody is: a view, and a conversation when one is open. */
export interface Place {
  /** The view's key; null where the address names none. */
  view: string | null
  conversation: string | null
}

/** Reads the part of an address behind #, whatever was typed there. */
export function placeOf(hash: string): Place {
  const [view, conversation] = hash.replace(/^#\/?/, '').split('/')
  return { view: view ? decoded(view) : null, conversation: conversation ? decoded(conversation) : null }
}

/** The part of an address behind #, with it. */
export function hashOf({ view, conversation }: { view: string; conversation: string | null }): string {
  const list = `#/${encodeURIComponent(view)}`
  return conversation ? `${list}/${encodeURIComponent(conversation)}` : list
}

// A % that begins no escape stands for itself.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function go(place: { view: string; conversation: string | null }): void {
  window.location.hash = hashOf(place)
}

/** Goes there without leaving a step for the button Back. */
export function settle(view: string): void {
  window.location.replace(hashOf({ view, conversation: null }))
}

function onHashChange(listener: () => void) {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** Where we are, kept in the address so that it survives a reload. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash)
  return useMemo(() => placeOf(hash), [hash])
}
