import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ConnectionState, Observable } from '../../client/index'
import { Button } from './Button'
import { lasting } from './time'
import './connection.css'

const SHOWN = 8000 // milliseconds for which the end of a loss is told
const SETTLES = 1500 // in which a server says what can no longer be told
const TICK = 1000

/** Says at once when the connection is lost and since when, and afterwards for how long it was and what that cost. */
export function ConnectionBar({ state: observed, onRefused }: { state: Observable<ConnectionState>; onRefused: (why: string) => void }) {
  const state = useSyncExternalStore(observed.subscribe, observed.get)
  const now = useTicks(state.phase === 'reconnecting' || (state.phase === 'online' && state.back !== null && Date.now() - state.back.at < SHOWN + TICK))

  switch (state.phase) {
    case 'reconnecting':
      return (
        <div className="connection-bar lost" role="alert">
          <span className="pulse" aria-hidden="true" />
          <span>
            Connection lost<span aria-hidden="true"> {lasting(now - state.since)} ago</span>: what you see may be out of date. Trying again…
          </span>
        </div>
      )
    case 'refused':
      return (
        <div className="connection-bar lost" role="alert">
          The server no longer takes this sign-in: {state.reason}
          <Button onClick={() => onRefused(state.reason || 'Please sign in again.')}>Sign in again</Button>
        </div>
      )
    case 'online':
      return state.back && now - state.back.at < SHOWN ? <BackBar back={state.back} settled={now - state.back.at > SETTLES} /> : null
    default:
      return null
  }
}

function BackBar({ back: { away, gap }, settled }: { back: NonNullable<Extract<ConnectionState, { phase: 'online' }>['back']>; settled: boolean }) {
  const online = away > 0 ? `Back online after ${lasting(away)}.` : 'Some of what happened could not be told.'
  return (
    <div className={gap ? 'connection-bar gap' : 'connection-bar back'} role="status">
      {gap ? `${online} Too much happened to tell it one by one: everything was fetched again.` : `${online} ${settled ? 'Nothing was missed.' : 'Catching up…'}`}
    </div>
  )
}

/** The time, each second while it is asked for. */
function useTicks(wanted: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!wanted) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [wanted])
  return wanted ? Math.max(now, Date.now() - TICK) : Date.now()
}
