/** How many ownership changes there were in each of the last 60 minutes. */
export interface Tempo {
  /** The newest minute, counted from 1970. */
  minute: number
  /** Oldest first, the newest minute last. null: it is not known, because nobody counted. */
  counts: readonly (number | null)[]
}

export const MINUTES = 60
const MINUTE = 60_000

const minuteOf = (at: number) => Math.floor(at / MINUTE)

/** Begins to count. The minute that runs is counted from now on. */
export const newTempo = (now: number): Tempo => ({ minute: minuteOf(now), counts: [...Array<null>(MINUTES - 1).fill(null), 0] })

/** The hour that ends now. */
export function turned(tempo: Tempo, now: number): Tempo {
  const passed = minuteOf(now) - tempo.minute
  if (passed <= 0) return tempo
  const counts = [...tempo.counts, ...Array<number>(Math.min(passed, MINUTES)).fill(0)].slice(-MINUTES)
  return { minute: tempo.minute + passed, counts }
}

/** With one more change. One from before the hour, or from a minute that nobody counted, changes nothing. */
export function counted(tempo: Tempo, at: number): Tempo {
  const now = turned(tempo, at)
  const index = MINUTES - 1 - (now.minute - minuteOf(at))
  const count = now.counts[index]
  if (count === null || count === undefined) return now
  return { ...now, counts: now.counts.with(index, count + 1) }
}

/** With the time from one moment to another not known. */
export function unknown(tempo: Tempo, from: number, to: number): Tempo {
  const now = turned(tempo, to)
  const first = MINUTES - 1 - (now.minute - minuteOf(from))
  return { ...now, counts: now.counts.map((count, index) => (index >= first ? null : count)).with(MINUTES - 1, 0) }
}

/** How many changes are counted, and the most in a minute. */
export function totals({ counts }: Tempo): { all: number; most: number } {
  const known = counts.map((count) => count ?? 0)
  return { all: known.reduce((sum, count) => sum + count, 0), most: Math.max(...known) }
}

/** Since when all is counted, in milliseconds since 1970; null when the whole hour is. */
export function countedSince({ minute, counts }: Tempo): number | null {
  const last = counts.lastIndexOf(null)
  return last < 0 ? null : (minute - (MINUTES - 2 - last)) * MINUTE
}
