import { type Connection, Fault, seconds, TeamsDocument, ViewerDocument } from '../../client/index'
import { serverNow } from '../design/clock'
import { askHour } from './hour'
import { kept } from './kept'
import { chosen, type Setup } from './setup'
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
  /** Every team there is, in the server's order. */
  all: Team[]
  /** Teams that are not shown. */
  more: number
}

const ROOM = 8 // teams that can be read from across a room
const COUNTED = 40 // teams that are followed: what waits without a team is what is left of the whole

const LOOKS_EVERY = 60_000 // milliseconds; no stream tells of new and removed teams

/** Follows until the result is called. again is called when a stream has ended, or the teams are others. */
export function follow({ connection, feed, all }: Start, again: () => void): () => void {
  const stop = feed.start()
  const known = namesOf(all)
  const look = async () => {
    const found = await connection.execute(TeamsDocument, {}).catch(() => null)
    if (!found) return
    if (namesOf(found.teams.nodes) !== known) again()
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
const namesOf = (teams: readonly Team[]) => JSON.stringify(teams.map(({ id, name }) => [id, name]))

const PASSING = new Set(['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'LIMIT_EXCEEDED'])

/** Asks for what the wall begins with, and again for as long as the server is away; null once going says no. Rejects with a Fault. */
export async function begin(connection: Connection, setup: Setup, going: () => boolean, failed: (fault: Fault) => void): Promise<Start | null> {
  for (let attempt = 0; going(); attempt++) {
    try {
      return await ask(connection, setup)
    } catch (error) {
      if (!(error instanceof Fault) || !PASSING.has(error.code)) throw error
      failed(error)
      await seconds(attempt)
    }
  }
  return null
}

async function ask(connection: Connection, setup: Setup): Promise<Start> {
  const [{ viewer }, { teams }] = await Promise.all([connection.execute(ViewerDocument, {}), connection.execute(TeamsDocument, {})])
  const shown = chosen(teams.nodes, setup.teams).slice(0, ROOM)
  const who = `${viewer.workspace?.id}/${viewer.member?.id ?? viewer.apiKey?.id}`
  // A wall without the hour before it is still a wall.
  const hour = kept(who) ? null : await askHour(connection, serverNow()).catch(() => null)
  return {
    connection,
    feed: new WallFeed(connection, who, teams.nodes.slice(0, COUNTED).map(({ id }) => id), serverNow, hour),
    workspace: viewer.workspace?.name ?? '',
    teams: shown,
    all: teams.nodes,
    more: teams.nodes.length - shown.length,
  }
}
