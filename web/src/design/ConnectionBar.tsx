import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ConnectionState, Observable } from '../../client'
import { Button } from './Button'
import './connection.css'

const SHOWN = 8000 // milliseconds for which the end of a loss is told

/** Says at once when the connection is lost, and afterwards whether anything was missed. */
export function ConnectionBar({ state: observed, onRefused }: { state: Observable<ConnectionState>; onRefused: (why: string) => void }) {
  const state = useSyncExternalStore(observed.subscribe, observed.get)
  const back = state.phase === 'online' ? state.back : null
  const [told, setTold] = useState(back)

  useEffect(() => {
    if (!back) return
    const timer = setTimeout(() => setTold(back), SHOWN)
    return () => clearTimeout(timer)
  }, [back])

  switch (state.phase) {
    case 'reconnecting':
      return (
        <div className="connection-bar lost" role="alert">
          <span className="pulse" aria-hidden="true" />
          Connection lost: what you see may be out of date. Trying again…
        </div>
      )
    case 'refused':
      return (
        <div className="connection-bar lost" role="alert">
          The server no longer takes this sign-in: {state.reason}
          <Button onClick={() => onRefused('Please sign in again.')}>Sign in again</Button>
        </div>
      )
    default:
      if (!back || back === told) return null
      return (
        <div className={back.gap ? 'connection-bar gap' : 'connection-bar back'} role="status">
          {back.gap
            ? 'Back online. Too much happened to tell it one by one: everything was fetched again.'
            : `Back online after ${Math.max(1, Math.round(back.away / 1000))} s. Nothing was missed.`}
        </div>
      )
  }
}
