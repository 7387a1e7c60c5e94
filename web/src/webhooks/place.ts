import { useEffect, useState } from 'react'

/** The form of a new endpoint, as a place. */
export const NEW = 'new'

/** The address of a place: an endpoint by its id, the form of a new one, or the list when it is null. */
export const hashOf = (place: string | null): string => `#${place ? encodeURIComponent(place) : ''}`

const read = () => decodeURIComponent(window.location.hash.slice(1)) || null

/** Goes to a place. */
export function go(place: string | null): void {
  window.location.hash = hashOf(place)
}

/** Where one is, as the address says. */
export function usePlace(): string | null {
  const [place, setPlace] = useState(read)
  useEffect(() => {
    const moved = () => setPlace(read())
    window.addEventListener('hashchange', moved)
    return () => window.removeEventListener('hashchange', moved)
  }, [])
  return place
}
