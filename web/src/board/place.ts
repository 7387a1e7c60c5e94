import { useSyncExternalStore } from 'react'

/** Where in the board somebody is: a view, and a conversation when one is open. */
export interface Place {
  view: string
  conversation: string | null
}

/** Reads the part of an address behind #. */
export function placeOf(hash: string): Place {
  const [view, conversation] = hash.replace(/^#\/?/, '').split('/')
  return { view: view || 'mine', conversation: conversation ? decodeURIComponent(conversation) : null }
}

/** The part of an address behind #, with it. */
export function hashOf({ view, conversation }: Place): string {
  return conversation ? `#/${view}/${encodeURIComponent(conversation)}` : `#/${view}`
}

export function go(place: Place): void {
  window.location.hash = hashOf(place)
}

function onHashChange(listener: () => void) {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** Where we are, kept in the address so that it survives a reload. */
export function usePlace(): Place {
  return placeOf(useSyncExternalStore(onHashChange, () => window.location.hash))
}
