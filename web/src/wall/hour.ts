import { type Connection, RecentChangesDocument, type RecentChangesQuery } from '../../client/index'
import { type Told, told } from './changes'
import { MINUTES, type Tempo } from './tempo'

type Page = RecentChangesQuery['conversations']
type Event = Parameters<typeof told>[1]

/** The hour before a wall was hung. */
export interface Hour {
  tempo: Tempo
  changes: Told[]
  /** Behind which place to go on. */
  cursor: string | null
  /** The changes that are in it already, by id. */
  seen: ReadonlySet<string>
}

const MINUTE = 60_000
const HOUR = MINUTES * MINUTE
const PAGES = 8 // of 30 conversations: what was busier is known for a part of the hour

/** Asks for the ownership changes of the last hour. No list has them all: each conversation has its own. */
export async function askHour(connection: Connection, now: number): Promise<Hour> {
  const pages: Page[] = []
  let after: string | null = null
  for (let page = 0; page < PAGES; page++) {
    const { conversations }: RecentChangesQuery = await connection.execute(RecentChangesDocument, { after })
    pages.push(conversations)
    after = conversations.pageInfo.endCursor ?? null
    if (!conversations.pageInfo.hasNextPage || conversations.nodes.some(({ lastActivityAt }) => Date.parse(lastActivityAt) < now - HOUR)) break
  }
  return hourOf(pages, now)
}

/** What pages of conversations, newest activity first, tell of the hour that ends now. */
export function hourOf(pages: readonly Page[], now: number): Hour {
  const found = pages.flatMap(({ nodes }) => nodes.flatMap(({ history, ...conversation }) => history.nodes.map((event): Event => ({ ...event, conversation }))))
  const events = found.filter(({ at }) => Date.parse(at) > now - HOUR).sort((a, b) => a.at.localeCompare(b.at))
  return {
    tempo: tempoOf(events.map(({ at }) => Date.parse(at)), knownSince(pages), now),
    changes: events.reduce<Told[]>((changes, event) => told(changes, event), []),
    cursor: pages[0]?.liveCursor ?? null,
    seen: new Set(events.map(({ id }) => id)),
  }
}

function tempoOf(times: readonly number[], since: number, now: number): Tempo {
  const minute = Math.floor(now / MINUTE)
  const counts = Array.from({ length: MINUTES }, (_, index) => {
    const begins = (minute - (MINUTES - 1) + index) * MINUTE
    return begins < since ? null : times.filter((at) => at >= begins && (at < begins + MINUTE || index === MINUTES - 1)).length
  })
  return { minute, counts: counts.with(-1, counts.at(-1) ?? 0) }
}

/** From when on nothing is missing: conversations or changes that there was no room for are older. */
function knownSince(pages: readonly Page[]): number {
  const cut = pages.flatMap(({ nodes }) => nodes).flatMap(({ history: { nodes, pageInfo } }) => (pageInfo.hasNextPage && nodes.length > 0 ? [Date.parse(nodes.at(-1)!.at)] : []))
  const last = pages.at(-1)
  const reached = last?.pageInfo.hasNextPage ? [Date.parse(last.nodes.at(-1)?.lastActivityAt ?? '')] : []
  return Math.max(0, ...cut, ...reached)
}
