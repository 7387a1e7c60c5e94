import type { AssignmentEventsSubscription } from '../../client/index'
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

// A new kind does not compile before it has its row here.
const LOUD: Record<Event['kind'], boolean> = {
  CREATED: false,
  HANDED_OFF: true,
  QUEUED: true,
  ASSIGNED: false,
  CLAIMED: false,
  AUTO_ASSIGNED: false,
  UNASSIGNED: false,
  TRANSFERRED: false,
  TAKEN_OVER: true,
  LEFT: true,
  CLOSED: false,
  REOPENED: false,
  RETURNED_TO_AI: false,
  RECLAIMED: true,
  UNANSWERED: true,
  SNOOZED: false,
  WOKEN: false,
  UNDONE: false,
  STATUS_CHANGED: false,
  TEAM_REMOVED: false,
  OFFERED: true,
  OFFER_PASSED_ON: false,
  OFFER_DECLINED: true,
  OFFER_WITHDRAWN: false,
  OFFER_EXPIRED: true,
  OFFER_SUPERSEDED: false,
}

function tell(event: Event): Told {
  return { id: event.id, at: event.at, subject: event.conversation.subject || 'A chat', what: sentence(event), loud: LOUD[event.kind] ?? false }
}
