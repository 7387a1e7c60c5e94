import { windowKept } from '../design/storage'
import { MOST } from './changes'
import { MINUTES } from './tempo'
import type { Wall } from './wall'

type Kept = Pick<Wall, 'tempo' | 'changes' | 'heardAt' | 'cursor'>

const KEPT = 'switchboard:wall'

/** Keeps what a reload cannot fetch: the hour's figures, and the place in the stream behind which to go on. */
export function keep(viewer: string, { tempo, changes, heardAt, cursor }: Wall): void {
  windowKept.set(KEPT, JSON.stringify({ viewer, kept: { tempo, changes, heardAt, cursor } satisfies Kept }))
}

/** What the same viewer kept in this window; null for nothing. */
export function kept(viewer: string): Kept | null {
  try {
    const stored = JSON.parse(windowKept.get(KEPT) ?? 'null') as { viewer: string; kept: Kept } | null
    if (stored?.viewer !== viewer || !stored.kept.cursor) return null
    return stored.kept.tempo.counts.length === MINUTES && stored.kept.changes.length <= MOST ? stored.kept : null
  } catch {
    return null // of another version: begin anew
  }
}
