import type { ConversationOrder, RowFragment } from '../../client'

export type Row = RowFragment

/** A row as it is shown. */
export interface Entry {
  row: Row
  /** Set while a change of it is highlighted; another object for each change. */
  flash: { kind: 'entered' | 'updated' } | null
  /** Why it is no longer of this view; it is shown for a moment, and then forgotten. */
  leaving: string | null
}

/** How a list is sorted. */
export type Order = Required<Pick<ConversationOrder, 'field' | 'direction'>>

/** What a list is sorted by when nothing else is said. */
export const NEWEST: Order = { field: 'LAST_ACTIVITY', direction: 'DESC' }

/** A loaded part of a view, in its order. */
export interface List {
  order: Order
  entries: Entry[]
  /** The cursor of the last fetched row. */
  end: string | null
  /** Whether the view goes on behind the last fetched row. */
  more: boolean
  /** The last fetched row as it was then: all of the view that stands before it is in the list. */
  floor: Row | null
}

/** One item of inboxChanges, as far as a list needs it. */
export interface Change {
  change: 'ENTERED' | 'UPDATED' | 'LEFT' | null
  reason?: string | null
  conversationId: string | null
  conversation: Row | null
}

export interface Page {
  nodes: Row[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const entryOf = (row: Row): Entry => ({ row, flash: null, leaving: null })

/** The list that a first page makes. */
export function listOf({ nodes, pageInfo }: Page, order: Order = NEWEST): List {
  return { order, entries: nodes.map(entryOf), end: pageInfo.endCursor, more: pageInfo.hasNextPage, floor: nodes.at(-1) ?? null }
}

/** The list with one more page behind it. What moved into the list meanwhile is not shown twice. */
export function appended(list: List, { nodes, pageInfo }: Page): List {
  const known = new Set(list.entries.map(({ row }) => row.id))
  const fresh = nodes.filter(({ id }) => !known.has(id)).map(entryOf)
  return { ...sorted(list, [...list.entries, ...fresh]), end: pageInfo.endCursor, more: pageInfo.hasNextPage, floor: nodes.at(-1) ?? list.floor }
}

/** The list after a change. What is older than what the list shows changes nothing. */
export const applied = (list: List, change: Change): List => allApplied(list, [change])

/** The list after some changes, in their order. It is sorted once, however many they are. */
export function allApplied(list: List, changes: readonly Change[]): List {
  const entries = new Map(list.entries.map((entry) => [entry.row.id, entry]))
  const told = changes.filter((change) => take(list, entries, change)).length
  return told > 0 ? sorted(list, [...entries.values()]) : list
}

/** Takes a change into the entries. Answers whether it was news. */
function take(list: List, entries: Map<string, Entry>, { change, reason, conversationId, conversation }: Change): boolean {
  const id = conversationId ?? conversation?.id
  if (!change || !id) return false
  const known = entries.get(id)
  if (known && conversation && older(conversation, known.row)) return false
  if (change === 'LEFT') {
    if (known) entries.set(id, { row: conversation ?? known.row, flash: null, leaving: reason ?? 'OTHER' })
  } else if (conversation && beyond(list, conversation)) {
    entries.delete(id)
  } else if (conversation) {
    entries.set(id, { row: conversation, flash: { kind: known && !known.leaving ? 'updated' : 'entered' }, leaving: null })
  }
  return true
}

/** Behind the last fetched row nobody knows what else there is: it comes with its page. */
const beyond = ({ more, floor, order }: List, row: Row) => more && floor !== null && compare(order, row, floor) > 0

const sorted = (list: List, entries: Entry[]): List => ({ ...list, entries: entries.sort((a, b) => compare(list.order, a.row, b.row)) })

/** The list without a row that left, unless it came back. */
export function forgotten(list: List, id: string): List {
  return { ...list, entries: list.entries.filter(({ row, leaving }) => row.id !== id || leaving === null) }
}

/** The rows that are of the view. */
export function shown(list: List): Row[] {
  return list.entries.filter(({ leaving }) => leaving === null).map(({ row }) => row)
}

/** Whether a is an earlier state of the same conversation than b. Messages move the time and not the version. */
export function older(a: Row, b: Row): boolean {
  if (a.version !== b.version) return a.version < b.version
  return Date.parse(a.lastActivityAt) < Date.parse(b.lastActivityAt)
}

const KEYS: Record<Order['field'], (row: Row) => number> = {
  LAST_ACTIVITY: ({ lastActivityAt }) => Date.parse(lastActivityAt),
  CREATED: ({ createdAt }) => Date.parse(createdAt),
  WAITING: ({ waitingSince }) => (waitingSince ? Date.parse(waitingSince) : 0),
  // What awaits no answer stands behind all that does.
  AWAITING_REPLY: ({ awaitingReplySince }) => (awaitingReplySince ? Date.parse(awaitingReplySince) : Number.MAX_SAFE_INTEGER),
}

// A row never changes, and is compared at every change of a list.
const read = new WeakMap<Row, { field: Order['field']; key: number }>()

function keyOf(field: Order['field'], row: Row): number {
  const known = read.get(row)
  if (known?.field === field) return known.key
  const key = KEYS[field](row)
  read.set(row, { field, key })
  return key
}

/** Below 0 where a stands before b. */
function compare({ field, direction }: Order, a: Row, b: Row): number {
  const [x, y] = [keyOf(field, a), keyOf(field, b)]
  if (x === y && a.id === b.id) return 0
  const ascending = x === y ? (a.id < b.id ? -1 : 1) : x - y
  return direction === 'ASC' ? ascending : -ascending
}
