import { useCallback, useEffect, useState } from 'react'
import { connect, type Connection, Fault, seconds, ViewerDocument } from '../../client/index'
import type { Config } from '../config'
import { Connecting, endsSession } from '../design/Connecting'
import { DraftsContext, draftsOf } from '../design/drafts'
import { keyOf, type Session, tokenOf } from '../design/session'
import { DeskContext, type Start, useLiveDesk } from './desk'
import { Answers, outboxOf } from './outgoing'
import { allReasons, Why } from './reasons'
import { allSaved } from './saved'
import { tellSent } from './sent'
import { allTeams } from './teams'
import { Toasts } from './toasts'
import { Workbench } from './Workbench'

interface Props {
  config: Config
  session: Session
  onSignOut: (why: string | null) => void
}

/** Connects, finds out who is signed in, and shows the workbench. A server that is away is tried again until it is there. */
export function Board({ config, session, onSignOut }: Props) {
  const [start, setStart] = useState<Start | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)

  useEffect(() => {
    const connection = connect({ url: new URL(config.endpoint, window.location.href).href, token: tokenOf(config, session) })
    let current = true
    async function sit() {
      for (let attempt = 0; current; attempt++) {
        const found = await begin(connection).catch((error: unknown) => (error instanceof Fault ? error : new Fault(String(error), 'BUG')))
        if (!current) return
        if (!(found instanceof Fault)) return setStart(found)
        if (endsSession(found)) return onSignOut(found.message)
        setFault(found)
        await seconds(attempt)
      }
    }
    void sit()
    return () => {
      current = false
      connection.close()
    }
  }, [config, keyOf(session), onSignOut])

  if (start) return <Seat start={start} onSignOut={onSignOut} />
  return <Connecting title="Switchboard" fault={fault} onSignOut={onSignOut} />
}

function Seat({ start, onSignOut }: { start: Start } & Pick<Props, 'onSignOut'>) {
  const ended = useCallback((fault: Fault) => endsSession(fault) && onSignOut(fault.message), [onSignOut])
  const desk = useLiveDesk(start, ended)
  return (
    <DeskContext value={desk}>
      <DraftsContext value={desk.drafts}>
        <Workbench onSignOut={onSignOut} />
      </DraftsContext>
    </DeskContext>
  )
}

async function begin(connection: Connection): Promise<Start> {
  // Who may use no saved view has none.
  const [{ viewer }, teams, saved, reasons] = await Promise.all([connection.execute(ViewerDocument, {}), allTeams(connection), allSaved(connection).catch(() => []), allReasons(connection)])
  if (!viewer.member) throw new Fault('The board is for members of a workspace. Sign in as one.', 'NOT_A_MEMBER')
  return startOf(connection, { viewer, me: viewer.member, teams, saved, reasons })
}

function startOf(connection: Connection, found: Pick<Start, 'viewer' | 'me' | 'teams' | 'saved' | 'reasons'>): Start {
  const { viewer, me } = found
  const person = `${viewer.workspace.id}/${me.id}`
  const [toasts, drafts, answers] = [new Toasts(), draftsOf(person, 'localStorage'), new Answers()]
  const outbox = outboxOf(connection, person, me.id, drafts, (item, outcome) => tellSent(start, item, outcome))
  const start: Start = { connection, toasts, drafts, outbox, answers, why: new Why(), ...found }
  return start
}
