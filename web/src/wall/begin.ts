import { type Connection, Fault, seconds, TeamsDocument, ViewerDocument } from '../../client'
import { loadConfig } from '../config'
import type { Session } from '../design/session'
import { serverNow } from '../design/clock'
import { WallFeed } from './wallFeed'

/** A team on the wall. */
export interface Team {
  id: string
  name: string
}

/** A wall that can be hung up. */
export interface Start {
  connection: Connection
  feed: WallFeed
  workspace: string
  teams: Team[]
  /** Teams for which there is no room. */
  more: number
}

const ROOM = 8 // teams that can be read from across a room

/** The session's token. A demo that was started again has other tokens for the same people. */
export function tokenOf({ token, label }: Session) {
  if (label === null) return token
  return async () => (await loadConfig()).signIns.find((signIn) => signIn.label === label)?.token ?? token
}

const LOOKS_EVERY = 60_000 // milliseconds; no stream tells of new and removed teams

/** Follows until the result is called. again is called when a stream has ended, or the teams are others. */
export function follow({ connection, feed, teams, more }: Start, again: () => void): () => void {
  const stop = feed.start()
  const shown = namesOf(teams, more)
  const look = async () => {
    const found = await connection.execute(TeamsDocument, {}).catch(() => null)
    if (!found) return
    const nodes = found.teams.nodes
    if (namesOf(nodes.slice(0, ROOM), nodes.length - Math.min(nodes.length, ROOM)) !== shown) again()
  }
  const looking = setInterval(() => void look(), LOOKS_EVERY)
  let retry: ReturnType<typeof setTimeout> | undefined
  const unsubscribe = feed.state.subscribe(() => {
    if (feed.state.get().fault) retry ??= setTimeout(again, PAUSE)
  })
  return () => {
    unsubscribe()
    clearInterval(looking)
    clearTimeout(retry)
    stop()
  }
}

const PAUSE = 5000 // milliseconds before a stream that ended is begun anew
const namesOf = (teams: readonly Team[], more: number) => JSON.stringify([teams.map(({ id, name }) => [id, name]), more])

const PASSING = new Set(['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'LIMIT_EXCEEDED'])

/** Asks for what the wall begins with, and again for as long as the server is away; null once going says no. Rejects with a Fault. */
export async function begin(connection: Connection, going: () => boolean, failed: (fault: Fault) => void): Promise<Start | null> {
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
  const [{ viewer }, { teams }] = await Promise.all([connection.execute(ViewerDocument, {}), connection.execute(TeamsDocument, {})])
  const shown = teams.nodes.slice(0, ROOM)
  const who = `${viewer.workspace?.id}/${viewer.member?.id}`
  return {
    connection,
    feed: new WallFeed(connection, who, shown.map(({ id }) => id), serverNow),
    workspace: viewer.workspace?.name ?? '',
    teams: shown,
    more: teams.nodes.length - shown.length,
  }
}
