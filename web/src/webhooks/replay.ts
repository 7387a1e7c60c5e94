import type { EndpointFragment } from '../../client/index'

export type Replay = EndpointFragment['replays'][number]

/** How much of a replay is done, from 0 to 1. */
export function done({ from, to, settled, over }: Replay): number {
  if (over) return 1
  if (from === null || to === null || settled === null) return 0
  const [first, last, at] = [Number(from), Number(to), Number(settled)]
  return Math.min(1, Math.max(0, (at - first + 1) / (last - first + 1)))
}

/** A replay in words. */
export const spanOf = ({ test, from, to, onlyParked }: Replay): string =>
  test ? 'A test' : `${from === to ? `Record ${from}` : `Records ${from} to ${to}`}${onlyParked ? ', only parked' : ''}`

/** A place of the log, from what was typed: a number, or a time of this computer's clock. */
export function placeOf(kind: 'sequence' | 'at', text: string): { sequence: string } | { at: string } | null {
  if (kind === 'sequence') return /^\d+$/.test(text.trim()) ? { sequence: text.trim() } : null
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? null : { at: time.toISOString() }
}
