import { useSyncExternalStore } from 'react'
import type { ConnectionState, Fault, Observable } from '../../client/index'
import { Button } from '../design/Button'
import { duration } from './words'

interface Props {
  state: Observable<ConnectionState>
  fault: Fault | null
  now: number
  onSetup: () => void
  onSignOut: (why: string | null) => void
}

/** The time, and whether what hangs here is live. */
export function Status({ state: observed, fault, now, onSetup, onSignOut }: Props) {
  const state = useSyncExternalStore(observed.subscribe, observed.get)
  const time = new Date(now).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return (
    <div className="wall-status">
      {state.phase === 'online' && !fault && (
        <p className="live" role="status">
          Live
        </p>
      )}
      {state.phase === 'reconnecting' && (
        <p className="lost" role="alert">
          Connection lost: figures are <span aria-hidden="true">{duration(Date.now() - state.since)}</span> old
        </p>
      )}
      {(state.phase === 'refused' || fault) && (
        <p className="lost" role="alert">
          {state.phase === 'refused' ? state.reason : fault?.message}
        </p>
      )}
      <Button look="bare" onClick={onSetup}>
        Set up
      </Button>
      <Button look="bare" onClick={() => onSignOut(null)}>
        Sign out
      </Button>
      <time className="wall-clock">{time}</time>
    </div>
  )
}
