import type { HeardFragment, VisitedFragment, VisitQuery } from '../../client/index'

export type Visited = VisitedFragment
export type Heard = HeardFragment

/** A chat as its visitor sees it. */
export interface Chat {
  conversation: Visited
  /** Oldest first. */
  messages: readonly Heard[]
  /** Where earlier messages begin; null when all are here. */
  earlier: string | null
}

/** What the stream tells, or a send. */
export interface News {
  conversation?: Visited
  message?: Heard | null
}

type Fetched = NonNullable<VisitQuery['conversation']>

/** The chat that a fetch makes. */
export const chatOf = ({ messages, ...conversation }: Fetched): Chat => ({ conversation, messages: messages.nodes, earlier: earlierOf(messages) })

/** The chat with news. The stream tells states in order, so the last one told holds; a message is shown once. */
export function withNews(chat: Chat, { conversation, message }: News): Chat {
  const messages = !message || chat.messages.some(({ id }) => id === message.id) ? chat.messages : [...chat.messages, message].sort(bySequence)
  return { ...chat, conversation: conversation ?? chat.conversation, messages }
}

/** The chat with a page of earlier messages. */
export function withEarlier(chat: Chat, page: Fetched['messages']): Chat {
  const known = new Set(chat.messages.map(({ id }) => id))
  return { ...chat, messages: [...page.nodes.filter(({ id }) => !known.has(id)), ...chat.messages], earlier: earlierOf(page) }
}

const earlierOf = ({ pageInfo: { hasPreviousPage, startCursor } }: Fetched['messages']) => (hasPreviousPage ? startCursor : null)
/** In the order of commits; messages of before they were numbered come first, by time. */
const bySequence = (a: Heard, b: Heard) => a.sequence - b.sequence || Date.parse(a.at) - Date.parse(b.at)

/** Who is on the other side, and what the visitor can expect. */
export interface Host {
  who: string | null
  robot: boolean
  says: string
}

export function hostOf({ status, handler, assignee, originAgent, queuePosition }: Visited): Host {
  if (status === 'CLOSED') return { who: null, robot: false, says: 'This chat was closed' }
  if (assignee) return { who: assignee.name, robot: false, says: `${assignee.name} answers you` }
  if (handler === 'AI') return { who: originAgent?.name ?? 'AI', robot: true, says: `${originAgent?.name ?? 'Our AI agent'} answers you, an AI agent` }
  return { who: null, robot: false, says: queuePosition ? `You are number ${queuePosition} in line` : 'You are in line' }
}
