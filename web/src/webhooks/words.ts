import type { DeliveryState, LogRecord, WebhookOrder, WebhookState } from '../../client/index'

/** A state of an endpoint, in a word. */
export const STATES: Record<WebhookState, string> = { ACTIVE: 'Active', PAUSED: 'Paused', FAILING: 'Failing', DISABLED: 'Off' }

const REASONS: Record<string, string> = {
  KEY_REVOKED: 'Its API key was revoked.',
  GONE: 'It answered with status 410: it wants no more.',
  FAILING: 'It did nothing but fail for 5 days.',
  SECRET_LOST: 'Its secret cannot be read any longer. Rotate it, and turn it on.',
  KEY_EXPIRED: 'Its API key expired. Nothing is lost: it goes on when the key is given a later end.',
  PLAN: 'The plan does not include it now. Nothing is lost: it goes on when the plan does.',
}

const MEANINGS: Record<WebhookState, string> = {
  ACTIVE: '',
  PAUSED: 'It is sent nothing, and loses nothing.',
  FAILING: 'The last 50 attempts failed. It is tried once a minute, and loses nothing.',
  DISABLED: 'Somebody turned it off. It is sent nothing.',
}

/** Why an endpoint is in its state, in words; empty for one that is well. */
export const reasonOf = (state: WebhookState, reason: string | null): string => (reason ? (REASONS[reason] ?? reason) : MEANINGS[state])

/** A state of a delivery, in a word. */
export const DELIVERIES: Record<DeliveryState, string> = {
  PENDING: 'Waiting',
  DELIVERED: 'Delivered',
  RETRYING: 'Retrying',
  PARKED: 'Parked',
  SKIPPED: 'Skipped',
}

/** The kinds of record, with what each brings. */
export const RECORDS: Record<LogRecord, string> = {
  OWNERSHIP: 'Changes of owner and status',
  MESSAGE: 'Messages',
  AVAILABILITY: 'Members who come and go',
  CONTACT: 'Changes of contacts',
}

/** The orders, in words. */
export const ORDERS: Record<WebhookOrder, string> = {
  PER_CONVERSATION: 'In order within each conversation',
  NONE: 'Each as soon as possible',
}

const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }

/** A moment to the second. */
export const moment = (at: string): string => new Date(at).toLocaleString([], DATE)
