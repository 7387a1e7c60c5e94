import { useEffect, useState } from 'react'
import { connect, Fault } from '../../client'
import { Button } from '../design/Button'
import type { Session } from '../design/session'
import { begin, follow, type Start, tokenOf } from './begin'
import { WallBoard } from './WallBoard'

interface Props {
  endpoint: string
  session: Session
  onSignOut: (why: string | null) => void
}

/** Connects and hangs up the wall. A server that is away is tried again until it is there: nobody stands by to press a button. */
export function Beginning({ endpoint, session, onSignOut }: Props) {
  const [start, setStart] = useState<Start | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [round, setRound] = useState(0)

  useEffect(() => {
    const connection = connect({ url: new URL(endpoint, window.location.href).href, token: tokenOf(session) })
    let stop = () => {}
    let over = false
    const going = () => !over
    begin(connection, going, setFault).then(
      (begun) => {
        if (over || !begun) return
        stop = follow(begun, () => !over && setRound(round + 1))
        setFault(null)
        setStart(begun)
      },
      (error: unknown) => going() && setFault(error instanceof Fault ? error : new Fault(String(error), 'BUG')),
    )
    return () => {
      over = true
      stop()
      connection.close()
    }
  }, [endpoint, session.token, round])

  const refused = fault?.code === 'UNAUTHENTICATED' || fault?.code === 'NOT_A_MEMBER'
  useEffect(() => {
    if (refused) onSignOut(fault.message)
  }, [refused, fault, onSignOut])

  if (start) return <WallBoard {...start} onSignOut={onSignOut} />
  return (
    <main className="full-page">
      <p role="status" className="quiet">
        {fault ? `${fault.message} Trying again…` : 'Signing in…'}
      </p>
      {fault && (
        <Button look="bare" onClick={() => onSignOut(null)}>
          Sign in as somebody else
        </Button>
      )}
    </main>
  )
}
