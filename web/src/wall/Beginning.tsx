import { useEffect, useState } from 'react'
import { connect, type Connection, Fault, seconds, TeamsDocument, ViewerDocument } from '../../client'
import { loadConfig } from '../config'
import { Button } from '../design/Button'
import type { Session } from '../design/session'
import { ahead } from './serverTime'
import { WallBoard } from './WallBoard'
import { WallFeed } from './wallFeed'

interface Props {
  endpoint: string
  session: Session
  onSignOut: (why: string | null) => void
}

export interface Team {
  id: string
  name: string
}

interface Start {
  connection: Connection
  feed: WallFeed
  workspace: string
  teams: Team[]
  /** Teams for which there is no room. */
  more: number
  /** Milliseconds by which the server's clock is ahead. */
  ahead: number
}

const ROOM = 8 // teams that can be read from across a room

/** Connects and hangs up the wall. A server that is away is tried again until it is there: nobody stands by to press a button. */
export function Beginning({ endpoint, session, onSignOut }: Props) {
  const [start, setStart] = useState<Start | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)

  useEffect(() => {
    const connection = connect({ url: new URL(endpoint, window.location.href).href, token: tokenOf(session) })
    let stop = () => {}
    let over = false
    const going = () => !over
    begin(connection, going, setFault).then(
      (begun) => {
        if (over || !begun) return
        stop = begun.feed.start()
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
  }, [endpoint, session.token])

  const refused = fault?.code === 'UNAUTHENTICATED'
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

// A demo that was started again has other tokens for the same people.
function tokenOf({ token, label }: Session) {
  if (label === null) return token
  return async () => (await loadConfig()).signIns.find((signIn) => signIn.label === label)?.token ?? token
}

const PASSING = new Set(['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'LIMIT_EXCEEDED'])

async function begin(connection: Connection, going: () => boolean, failed: (fault: Fault) => void): Promise<Start | null> {
  for (let attempt = 0; going(); attempt++) {
    try {
      return await ask(connection)
    } catch (error) {
      if (!(error instanceof Fault) || !PASSING.has(error.code)) throw error
      failed(error)
      await seconds(attempt)
    }
  }
  return null
}

async function ask(connection: Connection): Promise<Start> {
  const [{ viewer }, { teams }, offset] = await Promise.all([connection.execute(ViewerDocument, {}), connection.execute(TeamsDocument, {}), ahead()])
  const shown = teams.nodes.slice(0, ROOM)
  const who = `${viewer.workspace?.id}/${viewer.member?.id}`
  return {
    connection,
    feed: new WallFeed(connection, who, shown.map(({ id }) => id), () => Date.now() + offset),
    workspace: viewer.workspace?.name ?? '',
    teams: shown,
    more: teams.nodes.length - shown.length,
    ahead: offset,
  }
}
