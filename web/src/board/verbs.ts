import {
  AcceptOfferDocument,
  AssignDocument,
  ClaimDocument,
  type Connection,
  DeclineOfferDocument,
  LeaveDocument,
  newKey,
  type OutcomeFragment,
  ReopenAndReplyDocument,
  SendMessageDocument,
  type SentFragment,
  SetStatusDocument,
  SnoozeDocument,
  type SnoozeEnd,
  StartNewDocument,
  TakeOverDocument,
  TransferDocument,
  UnassignDocument,
  UndoDocument,
  WakeDocument,
  WithdrawOfferDocument,
} from '../../client/index'
import type { Refusal } from './kinds'
import type { Reason } from './reasons'
import type { News, Opened } from './thread'

export type Target = { memberId: string } | { teamId: string }

/** Why an offer is declined: a reason that was picked, and words. */
export interface Declining {
  reason: Reason | null
  text: string
}

/** The reason that was picked for a verb; left out until that was asked. */
interface WithReason {
  reasonCodeId?: string | null
}

/** Something that can be done to an open conversation. */
export type Verb =
  | { type: 'claim' | 'reopen' | 'wake' }
  | ({ type: 'unassign' | 'leave' } & WithReason)
  | { type: 'snooze'; until: SnoozeEnd }
  | ({ type: 'status'; status: Opened['status'] } & WithReason)
  | ({ type: 'close' } & WithReason)
  | ({ type: 'assign'; to: Target; note?: string } & WithReason)
  | ({ type: 'transfer'; to: Target; note?: string; offer?: boolean } & WithReason)
  | { type: 'acceptOffer' | 'withdrawOffer'; offerId: string }
  | { type: 'declineOffer'; offerId: string; why: Declining }
  | ({ type: 'takeOver'; message?: string } & WithReason)
  | { type: 'send'; body: string; internal: boolean }
  | { type: 'reopenAndReply' | 'startNew'; body: string }

/** How it went: either news, or why nothing was changed. */
export interface Outcome {
  news: News
  refusal: Refusal | null
  warnings: string[]
  /** For startNew: the other conversation. */
  begun: string | null
}

/**
 * Does it, to the version that was seen if one was, so that a lost race is reported and nothing is overwritten. The same key
 * again is the same request: the server answers as it did the first time.
 */
export async function perform(connection: Connection, seen: Pick<Opened, 'id'> & Partial<Pick<Opened, 'version'>>, verb: Verb, key = newKey()): Promise<Outcome> {
  const about = { conversationId: seen.id, idempotencyKey: key }
  const input = { ...about, expectedVersion: seen.version ?? null }
  const { execute } = connection
  switch (verb.type) {
    case 'claim':
      return owned((await execute(ClaimDocument, { input })).claimConversation)
    case 'unassign':
      return owned((await execute(UnassignDocument, { input: { ...input, reasonCodeId: verb.reasonCodeId || null } })).unassignConversation)
    case 'leave':
      return owned((await execute(LeaveDocument, { input: { ...input, reasonCodeId: verb.reasonCodeId || null } })).leaveConversation)
    case 'wake':
      return owned((await execute(WakeDocument, { input })).wakeConversation)
    case 'snooze':
      return owned((await execute(SnoozeDocument, { input: { ...input, until: verb.until } })).snoozeConversation)
    case 'close':
      return owned((await execute(SetStatusDocument, { input: { ...input, status: 'CLOSED', reasonCodeId: verb.reasonCodeId || null } })).setConversationStatus)
    case 'reopen':
      return owned((await execute(SetStatusDocument, { input: { ...input, status: 'OPEN' } })).setConversationStatus)
    case 'status':
      return owned((await execute(SetStatusDocument, { input: { ...input, status: verb.status, reasonCodeId: verb.reasonCodeId || null } })).setConversationStatus)
    case 'assign':
      return owned((await execute(AssignDocument, { input: { ...input, to: verb.to, note: verb.note || null, reasonCodeId: verb.reasonCodeId || null } })).assignConversation)
    case 'transfer':
      return owned((await execute(TransferDocument, { input: { ...input, to: verb.to, note: verb.note || null, offer: verb.offer || null, reasonCodeId: verb.reasonCodeId || null } })).transferConversation)
    case 'acceptOffer':
      return owned((await execute(AcceptOfferDocument, { input: { offerId: verb.offerId, idempotencyKey: key } })).acceptOffer)
    case 'declineOffer':
      return owned((await execute(DeclineOfferDocument, { input: { offerId: verb.offerId, reasonCodeId: verb.why.reason?.id ?? null, reason: verb.why.text || null, idempotencyKey: key } })).declineOffer)
    case 'withdrawOffer':
      return owned((await execute(WithdrawOfferDocument, { input: { offerId: verb.offerId, idempotencyKey: key } })).withdrawOffer)
    case 'takeOver':
      return owned((await execute(TakeOverDocument, { input: { ...input, message: verb.message || null, reasonCodeId: verb.reasonCodeId || null } })).takeOverConversation)
    case 'send':
      return sent((await execute(SendMessageDocument, { input: { ...about, body: verb.body, internal: verb.internal } })).sendMessage)
    case 'reopenAndReply':
      return sent((await execute(ReopenAndReplyDocument, { input: { ...about, body: verb.body } })).reopenAndReply)
    case 'startNew':
      return begun((await execute(StartNewDocument, { input: { ...about, body: verb.body } })).startNewConversation)
  }
}

/** Takes back a transfer or takeover. */
export async function undo(connection: Connection, eventId: string, key = newKey()): Promise<Outcome> {
  return owned((await connection.execute(UndoDocument, { input: { eventId, idempotencyKey: key } })).undoOwnershipChange)
}

function owned({ conversation, event, warnings, userErrors }: OutcomeFragment): Outcome {
  const refusal = userErrors[0] ?? null
  const current = refusal && 'current' in refusal ? refusal.current : null
  return { news: { conversation: conversation ?? current, event }, refusal, warnings: warnings.map(({ message }) => message), begun: null }
}

function sent({ conversation, message, userErrors }: SentFragment): Outcome {
  return { news: { conversation, message }, refusal: userErrors[0] ?? null, warnings: [], begun: null }
}

function begun(payload: SentFragment): Outcome {
  return { news: {}, refusal: payload.userErrors[0] ?? null, warnings: [], begun: payload.conversation?.id ?? null }
}
