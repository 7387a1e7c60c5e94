import { type Connection, Fault, seconds } from '../../client/index'
import type { Drafts } from '../design/drafts'
import { type Answer, Outbox, type Outgoing, outgoingStore, windowName } from '../design/outbox'
import { passing } from '../design/passing'
import type { News, Opened } from './thread'
import { type Outcome, perform, type Verb } from './verbs'
import { refusalText } from './words'

/** A verb that sends a text, without the text. */
export type Way = 'reply' | 'note' | 'takeOver' | 'reopenAndReply' | 'startNew'

/** What is sent: the way, and what was seen when it was sent. */
export interface Sending {
  way: Way
  version: number
  /** The newest message that was there. */
  after: number
  /** Why, for a takeover. */
  reasonCodeId?: string | null
}

export type DeskOutbox = Outbox<Sending, Outcome>
export type Sent = Outgoing<Sending>

/** The verb that sends a text this way. */
export function verbOf({ way, reasonCodeId = null }: Pick<Sending, 'way' | 'reasonCodeId'>, text: string): Verb {
  switch (way) {
    case 'reply':
    case 'note':
      return { type: 'send', body: text, internal: way === 'note' }
    case 'takeOver':
      return { type: 'takeOver', message: text, reasonCodeId }
    case 'reopenAndReply':
    case 'startNew':
      return { type: way, body: text }
  }
}

/** What a member sends and notes, wherever in the board they are meanwhile. */
export function outboxOf(connection: Connection, person: string, viewerId: string, drafts: Drafts, told: (item: Sent, outcome: Outcome) => void): DeskOutbox {
  return new Outbox<Sending, Outcome>({
    person,
    store: outgoingStore('localStorage'),
    window: windowName(),
    wait: seconds,
    deliver: ({ conversation, text, payload, key }) =>
      answered(() => perform(connection, { id: conversation, version: payload.version }, verbOf(payload, text), key), viewerId),
    settled: (item, answer) => {
      if (answer.type === 'done') forgetTried(drafts, item)
      if (answer.result) told(item, answer.result)
    },
  })
}

/** How a try went, from what the server answered. */
async function answered(ask: () => Promise<Outcome>, viewerId: string): Promise<Answer<Outcome>> {
  try {
    const outcome = await ask()
    return outcome.refusal ? { type: 'refused', why: refusalText(outcome.refusal, viewerId), result: outcome } : { type: 'done', result: outcome }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return error instanceof Fault && passing(error) ? { type: 'lost', why } : { type: 'refused', why }
  }
}

/** A text that was taken back to be edited, and had arrived after all, is no draft. */
function forgetTried(drafts: Drafts, { conversation, key, text }: Sent) {
  const draft = drafts.get(conversation)
  if (draft?.tried?.key === key && draft.text.trim() === text) drafts.set(conversation, null)
}

/**
 * Takes a text back into the field, before what stands there. The same text again has the same key. Beside a note for
 * colleagues it becomes one: what was typed for them alone is sent to the visitor only when the person says so twice.
 */
export function takeBack(drafts: Drafts, outbox: DeskOutbox, item: Sent): void {
  const { conversation, text, key, payload } = item
  const draft = drafts.get(conversation)
  const typed = draft?.text.trim() ? `\n\n${draft.text}` : ''
  const beside = typed && draft?.internal
  outbox.drop(item)
  drafts.set(conversation, {
    text: text + typed,
    internal: beside || (payload.way === 'note' && !typed),
    meant: beside ? ['note'] : [payload.way],
    ...(!typed && { tried: { way: payload.way, text, key, reasonCodeId: payload.reasonCodeId ?? null } }),
  })
}

/** What is sent and not on the screen yet: the stream may tell of a message before its own answer comes. */
export function withoutArrived(items: readonly Sent[], messages: readonly { sequence: number; body: string; author: { __typename: string; id?: string } }[], viewerId: string): readonly Sent[] {
  return items.filter(({ text, payload, state }) => state === 'failed' || !messages.some(({ sequence, body, author }) => sequence > payload.after && body === text && author.id === viewerId))
}

/** What a conversation is once what is on its way has arrived, as far as sending goes. */
export function ownedSoon(items: readonly Sent[]): boolean {
  return items.some(({ state, payload }) => state !== 'failed' && (payload.way === 'takeOver' || payload.way === 'reopenAndReply'))
}

/** Listeners for what the outbox learns, by conversation. */
export class Answers {
  readonly #listeners = new Map<string, Set<(news: News) => void>>()

  /** Calls a listener with the news of a conversation. Returns how to stop. */
  follow(conversation: Opened['id'], listener: (news: News) => void): () => void {
    const listeners = this.#listeners.get(conversation) ?? new Set()
    this.#listeners.set(conversation, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(conversation)
    }
  }

  tell(conversation: string, news: News): void {
    for (const listener of this.#listeners.get(conversation) ?? []) listener(news)
  }
}
