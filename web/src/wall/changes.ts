import type { AssignmentEventsSubscription } from '../../client'
import { sentence } from '../design/told'

type Event = NonNullable<AssignmentEventsSubscription['assignmentEvents']['node']>

/** A change as it is told on the wall. */
export interface Told {
  id: string
  at: string
  subject: string
  what: string
  /** Whether it is one that people at a wall should notice: it waits, or was taken from somebody. */
  loud: boolean
}

/** More than fit on any wall. */
export const MOST = 24

/** The newest changes, with one more. */
export const told = (changes: readonly Told[], event: Event): Told[] => [tell(event), ...changes].slice(0, MOST)

const LOUD = new Set<Event['kind']>(['TAKEN_OVER', 'LEFT', 'HANDED_OFF', 'QUEUED', 'RECLAIMED'])

function tell(event: Event): Told {
  return { id: event.id, at: event.at, subject: event.conversation.subject || 'A chat', what: sentence(event), loud: LOUD.has(event.kind) }
}
