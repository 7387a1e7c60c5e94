import {
  AssignDocument,
  ClaimDocument,
  type Connection,
  LeaveDocument,
  newKey,
  type OutcomeFragment,
  ReopenAndReplyDocument,
  SendMessageDocument,
  type SentFragment,
  SetStatusDocument,
  StartNewDocument,
  TakeOverDocument,
  TransferDocument,
  UnassignDocument,
  UndoDocument,
} from '../../client/index'
import type { Refusal } from './kinds'
import type { News, Opened } from './thread'

export type Target = { memberId: string } | { teamId: string }

/** Something that can be done to an open conversation. */
export type Verb =
  | { type: 'claim' | 'unassign' | 'leave' | 'close' | 'reopen' }
  | { type: 'status'; status: Opened['status'] }
  | { type: 'assign' | 'transfer'; to: Target; note?: string }
  | { type: 'takeOver'; message?: string }
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
      return owned((await execute(UnassignDocument, { input })).unassignConversation)
    case 'leave':
      return owned((await execute(LeaveDocument, { input })).leaveConversation)
    case 'close':
    case 'reopen': {
      const status = verb.type === 'close' ? 'CLOSED' : 'OPEN'
      return owned((await execute(SetStatusDocument, { input: { ...input, status } })).setConversationStatus)
    }
    case 'status':
      return owned((await execute(SetStatusDocument, { input: { ...input, status: verb.status } })).setConversationStatus)
    case 'assign':
      return owned((await execute(AssignDocument, { input: { ...input, to: verb.to, note: verb.note || null } })).assignConversation)
    case 'transfer':
      return owned((await execute(TransferDocument, { input: { ...input, to: verb.to, note: verb.note || null } })).transferConversation)
    case 'takeOver':
      return owned((await execute(TakeOverDocument, { input: { ...input, message: verb.message || null } })).takeOverConversation)
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
