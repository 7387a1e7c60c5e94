import type { Loads } from './loads'

const LIMIT = 1000 // to which the server counts

/** What waits and is of no team: what the teams leave of the whole. null while that cannot be told. */
export function withoutTeam(workspace: Loads | null, teams: Readonly<Record<string, Loads>>, ids: readonly string[]): { waiting: number; longestSince: number | null } | null {
  const loads = ids.map((id) => teams[id])
  if (!workspace || workspace.waiting >= LIMIT || loads.some((load) => !load)) return null
  const waiting = workspace.waiting - loads.reduce((sum, load) => sum + load!.waiting, 0)
  // Streams of the whole and of a team are not one: for a moment one may be ahead of the other.
  if (waiting <= 0) return { waiting: 0, longestSince: null }
  const ofTeam = loads.some((load) => load!.longestSince === workspace.longestSince)
  return { waiting, longestSince: ofTeam ? null : workspace.longestSince }
}
