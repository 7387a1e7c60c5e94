import type { SnoozeEnd } from '../../client/index'
import { clock } from '../design/time'
import type { Opened } from './thread'

/** An end of a sleep that one can choose. */
export interface Sleep {
  label: string
  until: SnoozeEnd
  /** Why it cannot be chosen now; null when it can. */
  denied: string | null
}

const HOUR = 3_600_000
const MORNING = 9

/** How long a conversation can be put aside, from now on, in this computer's time zone. */
export function sleeps({ awaitingReplySince }: Pick<Opened, 'awaitingReplySince'>, now: number): Sleep[] {
  const tomorrow = new Date(now)
  tomorrow.setDate(tomorrow.getDate() + 1)
  tomorrow.setHours(MORNING, 0, 0, 0)
  return [
    { label: 'In an hour', until: { time: new Date(now + HOUR).toISOString() }, denied: null },
    { label: 'Tomorrow 9:00', until: { time: tomorrow.toISOString() }, denied: null },
    { label: 'Until they write', until: { contactWrites: true }, denied: awaitingReplySince ? 'They wait for your answer' : null },
  ]
}

/** Until when a conversation sleeps, in words. */
export const asleep = (until: string | null, now: number): string => (until ? `Asleep until ${clock(until, now)}` : 'Asleep until they write')
