import { useEffect, useState } from 'react'
import { Provider } from 'urql'
import { connect, type Connection, Fault, type TeamsQuery, TeamsDocument, ViewerDocument } from '../../client'
import { Button } from '../design/Button'
import { DraftsContext, draftsOf } from '../design/drafts'
import { DeskContext, type Desk } from './desk'
import { Answers, outboxOf } from './outgoing'
import { tellSent } from './sent'
import type { Session } from '../design/session'
import { Toasts } from './toasts'
import { Workbench } from './Workbench'

interface Props {
  endpoint: string
  session: Session
  onSignOut: (why: string | null) => void
}

type Team = TeamsQuery['teams']['nodes'][number]
type Start = { desk: Desk; teams: Team[] }

/** Connects, finds out who is signed in, and shows the workbench. */
export function Board({ endpoint, session, onSignOut }: Props) {
  const [start, setStart] = useState<Start | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [tries, setTries] = useState(0)

  useEffect(() => {
    const connection = connect({ url: new URL(endpoint, window.location.href).href, token: session.token })
    let current = true
    begin(connection).then(
      (found) => current && setStart(found),
      (error: unknown) => current && setFault(error instanceof Fault ? error : new Fault(String(error), 'INTERNAL')),
    )
    return () => {
      current = false
      connection.close()
    }
  }, [endpoint, session.token, tries])

  const wrongToken = fault?.code === 'UNAUTHENTICATED' || fault?.code === 'NOT_A_MEMBER'
  useEffect(() => {
    if (wrongToken) onSignOut(fault?.message ?? null)
  }, [wrongToken, fault, onSignOut])

  if (fault && !wrongToken) {
    return (
      <main className="full-page" role="alert">
        <h1>Switchboard</h1>
        <p>{fault.message}</p>
        <Button look="primary" onClick={() => (setFault(null), setTries(tries + 1))}>
          Try again
        </Button>
        <Button look="bare" onClick={() => onSignOut(null)}>
          Sign in as somebody else
        </Button>
      </main>
    )
  }
  if (!start) return <main className="full-page quiet">Signing in…</main>
  return (
    <Provider value={start.desk.connection.urql}>
      <DeskContext value={start.desk}>
        <DraftsContext value={start.desk.drafts}>
          <Workbench teams={start.teams} onSignOut={onSignOut} />
        </DraftsContext>
      </DeskContext>
    </Provider>
  )
}

async function begin(connection: Connection): Promise<Start> {
  const [{ viewer }, { teams }] = await Promise.all([connection.execute(ViewerDocument, {}), connection.execute(TeamsDocument, {})])
  const me = viewer.member
  if (!me) throw new Fault('The board is for members of a workspace. Sign in as one.', 'NOT_A_MEMBER')
  return { desk: deskOf(connection, viewer, me), teams: teams.nodes }
}

function deskOf(connection: Connection, viewer: Desk['viewer'], me: Desk['me']): Desk {
  const person = `${viewer.workspace.id}/${me.id}`
  const [toasts, drafts, answers] = [new Toasts(), draftsOf(person, 'localStorage'), new Answers()]
  const outbox = outboxOf(connection, person, me.id, drafts, (item, outcome) => tellSent(desk, item, outcome))
  const desk: Desk = { connection, viewer, me, toasts, drafts, answers, outbox }
  return desk
}
