import { type ConversationQuery, type ConversationUpdatesSubscription, type HappenedFragment, older, type OpenedFragment, type SaidFragment } from '../../client/index'

export type Opened = OpenedFragment
export type Said = SaidFragment
export type Happened = HappenedFragment
export type Receipt = NonNullable<ConversationUpdatesSubscription['conversationUpdates']['receipt']>

/** An open conversation: what was said, and who owned it when. */
export interface Thread {
  conversation: Opened
  email: string | null
  /** Oldest first. */
  messages: Said[]
  /** Where earlier messages begin; null when all are here. */
  earlier: string | null
  /** Newest first. */
  history: Happened[]
  /** The viewer may no longer see it. */
  lost: boolean
}

/** What a live update or the answer of a verb tells. */
export interface News {
  conversation?: Opened | null
  message?: Said | null
  receipt?: Receipt | null
  event?: Happened | null
  lost?: boolean
}

type Fetched = NonNullable<ConversationQuery['conversation']>

/** The thread that a fetch makes. */
export function threadOf({ messages, history, ...conversation }: Fetched): Thread {
  return {
    conversation,
    email: conversation.contact.email,
    messages: messages.nodes,
    earlier: messages.pageInfo.hasPreviousPage ? messages.pageInfo.startCursor : null,
    history: history.nodes,
    lost: false,
  }
}

/** The thread with news in it. The same news twice, or old news, changes nothing. */
export function withNews(thread: Thread, { conversation, message, receipt, event, lost }: News): Thread {
  const fresh = conversation && (lost || !older(conversation, thread.conversation)) ? conversation : thread.conversation
  return {
    ...thread,
    conversation: fresh,
    messages: received(message ? added(thread.messages, message, (a, b) => a.sequence - b.sequence || time(a) - time(b)) : thread.messages, receipt),
    history: event ? added(thread.history, event, (a, b) => b.version - a.version) : thread.history,
    lost: lost ?? thread.lost,
  }
}

/** The messages with what a receipt says of those up to its own. What they have stays: a receipt is the first for some of them. */
function received(messages: Said[], receipt: Receipt | null | undefined): Said[] {
  if (!receipt) return messages
  return messages.map((m) => {
    if (m.sequence > receipt.sequence || !toContact(m)) return m
    return { ...m, deliveredAt: m.deliveredAt ?? receipt.deliveredAt, readAt: m.readAt ?? receipt.readAt }
  })
}

const toContact = ({ internal, author }: Said) => !internal && author.__typename !== 'Contact'

/** How far a message came to the contact; null for one that is not for the contact, or of which nothing is known. */
export function progress(said: Said): { seen: boolean; at: string } | null {
  if (!toContact(said)) return null
  if (said.readAt) return { seen: true, at: said.readAt }
  return said.deliveredAt ? { seen: false, at: said.deliveredAt } : null
}

/** The thread with a page of earlier messages before it. */
export function withEarlier(thread: Thread, page: Fetched['messages']): Thread {
  const known = new Set(thread.messages.map(({ id }) => id))
  return {
    ...thread,
    messages: [...page.nodes.filter(({ id }) => !known.has(id)), ...thread.messages],
    earlier: page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null,
  }
}

export type Moment = { type: 'said'; at: number; said: Said } | { type: 'happened'; at: number; happened: Happened }

/**
 * Messages and changes in one line, oldest first; no change from before the first loaded message. Each keeps its own order, whatever
 * clocks say; times decide between the two.
 */
export function moments({ messages, history, earlier }: Thread): Moment[] {
  const said = messages.map((m): Moment => ({ type: 'said', at: time(m), said: m }))
  const since = earlier && messages[0] ? time(messages[0]) : 0
  const happened = history.toReversed().map((e): Moment => ({ type: 'happened', at: time(e), happened: e })).filter(({ at }) => at >= since)
  const line: Moment[] = []
  for (const moment of said) {
    // A change and the message it came with have one time: the change is told first.
    while (happened[0] && happened[0].at <= moment.at) line.push(happened.shift()!)
    line.push(moment)
  }
  return [...line, ...happened]
}

const time = ({ at }: { at: string }) => Date.parse(at)

function added<Item extends { id: string }>(items: Item[], item: Item, order: (a: Item, b: Item) => number): Item[] {
  return items.some(({ id }) => id === item.id) ? items : [...items, item].sort(order)
}
