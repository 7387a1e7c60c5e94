import { useEffect, useRef, useState } from 'react'
import type { Connection } from '../../client/index'

const LOOKS_EVERY = 30_000 // milliseconds; no stream tells of what is found here

/**
 * What find finds, looked at again now and then, when the page is seen again, and when mark changes. It begins
 * with begun. What has the same text is the same object.
 */
export function useLooks<Found>(connection: Connection, find: (connection: Connection) => Promise<Found>, begun: Found, mark: unknown, textOf: (found: Found) => string): Found {
  const [found, setFound] = useState(begun)
  const looked = useRef(mark) // begun is as new as the first mark
  useEffect(() => {
    let over = false
    const look = () =>
      find(connection).then(
        (next) => over || setFound((before) => (textOf(before) === textOf(next) ? before : next)),
        () => undefined, // the next look finds it
      )
    const seen = () => void (document.visibilityState === 'visible' && look())
    const timer = setInterval(seen, LOOKS_EVERY)
    document.addEventListener('visibilitychange', seen)
    if (looked.current !== mark) void look()
    looked.current = mark
    return () => {
      over = true
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [connection, find, mark, textOf])
  return found
}
