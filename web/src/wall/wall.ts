import type { AssignmentEventsSubscription } from '../../client/index'
import { type Told, told } from './changes'
import { type Loads, loaded, type LoadsChange, noLoads } from './loads'
import { counted, newTempo, type Tempo, unknown } from './tempo'

/** Everything on the wall. However long it hangs, it holds an hour of figures, the members, and a few changes. */
export interface Wall {
  /** null: not heard yet. */
  workspace: Loads | null
  /** By the team's id. */
  teams: Readonly<Record<string, Loads>>
  tempo: Tempo
  /** Newest first. */
  changes: readonly Told[]
  /** When a change was last told, in milliseconds since 1970. */
  heardAt: number
  /** Behind which place to go on. */
  cursor: string | null
}

/** What happens to a wall. */
export type WallEvent =
  /** first: it is the whole, not what changed. */
  | { type: 'loads'; team: string | null; change: LoadsChange; first: boolean }
  | { type: 'change'; item: AssignmentEventsSubscription['assignmentEvents']; now: number }
  /** What happened since the last change can no longer be told. */
  | { type: 'missed'; now: number }

export const newWall = (now: number): Wall => ({ workspace: null, teams: {}, tempo: newTempo(now), changes: [], heardAt: now, cursor: null })

/** The wall after an event. */
export function hung(wall: Wall, event: WallEvent): Wall {
  switch (event.type) {
    case 'loads':
      return withLoads(wall, event)
    case 'missed':
      return { ...wall, tempo: unknown(wall.tempo, wall.heardAt, event.now), heardAt: event.now }
    case 'change':
      return withChange(wall, event)
  }
}

function withLoads(wall: Wall, { team, change, first }: Extract<WallEvent, { type: 'loads' }>): Wall {
  const next = (before: Loads | null | undefined) => loaded((!first && before) || noLoads, change)
  if (team === null) return { ...wall, workspace: next(wall.workspace) }
  return { ...wall, teams: { ...wall.teams, [team]: next(wall.teams[team]) } }
}

function withChange(wall: Wall, { item: { cursor, node }, now }: Extract<WallEvent, { type: 'change' }>): Wall {
  if (!node) return { ...wall, cursor, heardAt: now }
  return { ...wall, tempo: counted(wall.tempo, Date.parse(node.at)), changes: told(wall.changes, node), cursor, heardAt: now }
}
