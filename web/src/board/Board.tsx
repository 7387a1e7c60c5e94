import { useCallback, useEffect, useState } from 'react'
import { connect, type Connection, Fault, seconds, ViewerDocument } from '../../client/index'
import { Button } from '../design/Button'
import type { Config } from '../config'
import { DraftsContext, draftsOf } from '../design/drafts'
import { keyOf, type Session, tokenOf } from '../design/session'
import { DeskContext, type Start, useLiveDesk } from './desk'
import { Answers, outboxOf } from './outgoing'
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

// What makes the sign-in page the only way on.
const OUT = new Set(['UNAUTHENTICATED', 'NOT_A_MEMBER', 'WORKSPACE_SUSPENDED'])

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
        if (OUT.has(found.code)) return onSignOut(found.message)
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
  return (
    <main className="full-page">
      {fault && <h1>Switchboard</h1>}
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

function Seat({ start, onSignOut }: { start: Start } & Pick<Props, 'onSignOut'>) {
  const ended = useCallback((fault: Fault) => OUT.has(fault.code) && onSignOut(fault.message), [onSignOut])
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
  const [{ viewer }, teams, saved] = await Promise.all([connection.execute(ViewerDocument, {}), allTeams(connection), allSaved(connection).catch(() => [])])
  if (!viewer.member) throw new Fault('The board is for members of a workspace. Sign in as one.', 'NOT_A_MEMBER')
  return startOf(connection, viewer, viewer.member, teams, saved)
}

function startOf(connection: Connection, viewer: Start['viewer'], me: Start['me'], teams: Start['teams'], saved: Start['saved']): Start {
  const person = `${viewer.workspace.id}/${me.id}`
  const [toasts, drafts, answers] = [new Toasts(), draftsOf(person, 'localStorage'), new Answers()]
  const outbox = outboxOf(connection, person, me.id, drafts, (item, outcome) => tellSent(start, item, outcome))
  const start: Start = { connection, toasts, drafts, outbox, answers, viewer, me, teams, saved }
  return start
}
