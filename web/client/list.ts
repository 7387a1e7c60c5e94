import type { ConversationOrder } from './generated/graphql.js'

/** What a list must know of a conversation, beside what its reader shows. Select at least these fields. */
export interface Listed {
  id: string
  revision: number
  lastActivityAt: string
  /** Needed by lists in the order CREATED. */
  createdAt?: string
  /** Needed by lists in the order WAITING. */
  waitingSince?: string | null
  /** Needed by lists in the order AWAITING_REPLY. */
  awaitingReplySince?: string | null
}

/** A row as it is shown. */
export interface Entry<Row extends Listed> {
  row: Row
  /** Set while a change of it is highlighted; another object for each change. */
  flash: { kind: 'entered' | 'updated' } | null
  /** The reason why it left the view; such a row is shown for a moment, and then forgotten. */
  leaving: string | null
}

/** How a list is sorted. */
export type Order = Required<Pick<ConversationOrder, 'field' | 'direction'>>

/** The order of a list that names none. */
export const NEWEST: Order = { field: 'LAST_ACTIVITY', direction: 'DESC' }

/** A loaded part of a view, in its order. */
export interface List<Row extends Listed> {
  order: Order
  entries: Entry<Row>[]
  /** The cursor of the last fetched row; null if the next page cannot be fetched after a cursor. */
  end: string | null
  /** Whether the view goes on behind the last fetched row. */
  more: boolean
  /** The last fetched row as it was then: all of the view that stands before it is in the list. */
  floor: Row | null
}

/** One item of inboxChanges, as far as a list needs it. */
export interface Change<Row extends Listed> {
  change: 'ENTERED' | 'UPDATED' | 'LEFT' | null
  reason?: string | null
  conversationId: string | null
  conversation: Row | null
}

/** A page of conversations. */
export interface Page<Row extends Listed> {
  nodes: Row[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const entryOf = <Row extends Listed>(row: Row): Entry<Row> => ({ row, flash: null, leaving: null })

/** The list that the first pages make. A conversation that moved between two pages is taken once, in its newest state. */
export function listOf<Row extends Listed>({ nodes, pageInfo }: Page<Row>, order: Order = NEWEST): List<Row> {
  const newest = new Map<string, Row>()
  for (const row of nodes) {
    const known = newest.get(row.id)
    if (!known || !older(row, known)) newest.set(row.id, row)
  }
  const list: List<Row> = { order, entries: [], end: pageInfo.endCursor, more: pageInfo.hasNextPage, floor: nodes.at(-1) ?? null }
  return sorted(list, [...newest.values()].map(entryOf))
}

/** The list with one more page behind it. What moved into the list meanwhile is not shown twice. */
export function appended<Row extends Listed>(list: List<Row>, { nodes, pageInfo }: Page<Row>): List<Row> {
  const known = new Set(list.entries.map(({ row }) => row.id))
  const fresh = nodes.filter(({ id }) => !known.has(id)).map(entryOf)
  return { ...sorted(list, [...list.entries, ...fresh]), end: pageInfo.endCursor, more: pageInfo.hasNextPage, floor: nodes.at(-1) ?? list.floor }
}

/** The list after some changes, in their order. It is sorted once, however many they are. What is older than the list changes nothing. */
export function allApplied<Row extends Listed>(list: List<Row>, changes: readonly Change<Row>[]): List<Row> {
  const entries = new Map(list.entries.map((entry) => [entry.row.id, entry]))
  const news = changes.filter((change) => take(list, entries, change)).length
  return news > 0 ? sorted(list, [...entries.values()]) : list
}

/** Takes a change into the entries. Returns whether it was news. */
function take<Row extends Listed>(list: List<Row>, entries: Map<string, Entry<Row>>, { change, reason, conversationId, conversation }: Change<Row>): boolean {
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
const beyond = <Row extends Listed>({ more, floor, order }: List<Row>, row: Row) => more && floor !== null && compare(order, row, floor) > 0

const sorted = <Row extends Listed>(list: List<Row>, entries: Entry<Row>[]): List<Row> => ({ ...list, entries: entries.sort((a, b) => compare(list.order, a.row, b.row)) })

/** The list without its entries from `most` on, which come again with a page. */
export function trimmed<Row extends Listed>(list: List<Row>, most: number): List<Row> {
  const entries = list.entries.slice(0, most)
  return { ...list, entries, end: null, more: true, floor: entries.at(-1)?.row ?? null }
}

/** The list without a row that left, unless it came back. */
export function forgotten<Row extends Listed>(list: List<Row>, id: string): List<Row> {
  return { ...list, entries: list.entries.filter(({ row, leaving }) => row.id !== id || leaving === null) }
}

/** The rows that are in the view. */
export function shown<Row extends Listed>(list: List<Row>): Row[] {
  return list.entries.filter(({ leaving }) => leaving === null).map(({ row }) => row)
}

/** Whether a is an earlier state of the same conversation than b. */
export const older = (a: Pick<Listed, 'revision'>, b: Pick<Listed, 'revision'>): boolean => a.revision < b.revision

const KEYS: Record<Order['field'], (row: Listed) => number> = {
  LAST_ACTIVITY: ({ lastActivityAt }) => Date.parse(lastActivityAt),
  CREATED: ({ createdAt }) => Date.parse(createdAt ?? ''),
  WAITING: ({ waitingSince }) => (waitingSince ? Date.parse(waitingSince) : 0),
  // What awaits no answer stands behind all that does.
  AWAITING_REPLY: ({ awaitingReplySince }) => (awaitingReplySince ? Date.parse(awaitingReplySince) : Number.MAX_SAFE_INTEGER),
}

// A row never changes, and is compared at every change of a list.
const read = new WeakMap<Listed, { field: Order['field']; key: number }>()

function keyOf(field: Order['field'], row: Listed): number {
  const known = read.get(row)
  if (known?.field === field) return known.key
  const key = KEYS[field](row)
  read.set(row, { field, key })
  return key
}

/** Below 0 where a stands before b, as on the server. */
export function compare({ field, direction }: Order, a: Listed, b: Listed): number {
  if (a.id === b.id && a === b) return 0
  const [x, y] = [keyOf(field, a), keyOf(field, b)]
  const ascending = x === y ? compareIds(a.id, b.id) : x - y
  return direction === 'ASC' ? ascending : -ascending
}

// The server orders equal times by the stored id. The letters of a global id stand in another order than what they encode.
const compareIds = (a: string, b: string) => (a === b ? 0 : stored(a) < stored(b) ? -1 : 1)

function stored(id: string): string {
  try {
    return atob(id.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return id
  }
}
