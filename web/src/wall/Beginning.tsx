import { useEffect, useState } from 'react'
import { connect, Fault } from '../../client/index'
import type { Config } from '../config'
import { Connecting, endsSession } from '../design/Connecting'
import { keyOf, type Session, tokenOf } from '../design/session'
import { begin, follow, type Start } from './begin'
import { type Setup, setupOf, storeSetup } from './setup'
import { WallBoard } from './WallBoard'

interface Props {
  config: Config
  session: Session
  onSignOut: (why: string | null) => void
}

/** Connects and hangs up the wall. A server that is away is tried again until it is there: nobody stands by to press a button. */
export function Beginning({ config, session, onSignOut }: Props) {
  const [start, setStart] = useState<Start | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [round, setRound] = useState(0)
  const [setup, setSetup] = useState(setupOf)

  useEffect(() => {
    const connection = connect({ url: new URL(config.endpoint, window.location.href).href, token: tokenOf(config, session) })
    let stop = () => {}
    let over = false
    const going = () => !over
    begin(connection, setup, going, setFault).then(
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
  }, [config, keyOf(session), round, setup.teams])

  useEffect(() => {
    if (fault && endsSession(fault)) onSignOut(fault.message)
  }, [fault, onSignOut])

  function change(next: Setup) {
    storeSetup(next)
    setSetup(next)
  }
  if (start) return <WallBoard {...start} setup={setup} onSetup={change} onSignOut={onSignOut} />
  return <Connecting fault={fault} onSignOut={onSignOut} />
}
