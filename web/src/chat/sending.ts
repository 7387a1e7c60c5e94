import { type AnsweredFragment, Fault, seconds } from '../../client/index'
import type { Drafts } from '../design/drafts'
import { Outbox, type Outgoing, outgoingStore, windowName } from '../design/outbox'
import { passing } from '../design/passing'
import type { Heard } from './chat'
import type { ChatFeed, Way } from './chatFeed'

export interface Sending {
  way: Way
  /** The newest message that was there. */
  after: number
}

export type Sent = Outgoing<Sending>
export type ChatOutbox = Outbox<Sending, AnsweredFragment>

/** What a visitor sends in one chat. anew is called when a text has begun another chat, or went to the one that continues this. */
export function chatOutbox(feed: ChatFeed, conversation: string, drafts: Drafts, anew: (token: string, conversation: string) => void): ChatOutbox {
  const outbox: ChatOutbox = new Outbox<Sending, AnsweredFragment>({
    person: conversation,
    store: outgoingStore('sessionStorage'),
    window: windowName(),
    wait: seconds,
    deliver: async ({ payload, text, key }) => {
      try {
        return { type: 'done', result: await feed.send(payload.way, text, key) }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return error instanceof Fault && passing(error) ? { type: 'lost', why } : { type: 'refused', why }
      }
    },
    settled: ({ key, text }, answer) => {
      if (answer.type === 'refused') return
      const draft = drafts.get(conversation)
      if (draft?.tried?.key === key && draft.text.trim() === text) drafts.set(conversation, null)
      const { contactToken, conversation: other } = answer.result
      if (contactToken && other) anew(contactToken, other.id)
    },
  })
  return outbox
}

/** Takes a text back into the field, before what stands there. The same text again has the same key. */
export function takeBack(drafts: Drafts, outbox: ChatOutbox, item: Sent): void {
  const { conversation, text, key, payload } = item
  const typed = drafts.get(conversation)?.text ?? ''
  outbox.drop(item)
  drafts.set(conversation, typed.trim() ? { text: `${text}\n\n${typed}`, meant: [payload.way] } : { text, meant: [payload.way], tried: { way: payload.way, text, key } })
}

/** What is sent and not among the messages yet: the stream may tell of one before its own answer comes. */
export function withoutArrived(items: readonly Sent[], messages: readonly Heard[]): readonly Sent[] {
  return items.filter(({ text, payload, state }) => state === 'failed' || !messages.some(({ sequence, body, author }) => sequence > payload.after && body === text && author.__typename === 'Contact'))
}
