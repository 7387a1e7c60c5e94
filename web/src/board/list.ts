import type { RowFragment } from '../../client'

export type Row = RowFragment

/** A row as it is shown. */
export interface Entry {
  row: Row
  /** Set while a change of it is highlighted; another object for each change. */
  flash: { kind: 'entered' | 'updated' } | null
  /** Why it is no longer of this view; it is shown for a moment, and then forgotten. */
  leaving: string | null
}

/** A loaded part of a view, newest activity first. */
export interface List {
  entries: Entry[]
  /** The cursor of the last fetched row. */
  end: string | null
  /** Whether the view goes on behind the last fetched row. */
  more: boolean
  /** The last fetched row as it was then: all of the view that is newer is in the list. */
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
export function listOf({ nodes, pageInfo }: Page): List {
  return { entries: nodes.map(entryOf), end: pageInfo.endCursor, more: pageInfo.hasNextPage, floor: nodes.at(-1) ?? null }
}

/** The list with one more page behind it. What moved into the list meanwhile is not shown twice. */
export function appended(list: List, { nodes, pageInfo }: Page): List {
  const known = new Set(list.entries.map(({ row }) => row.id))
  const fresh = nodes.filter(({ id }) => !known.has(id)).map(entryOf)
  const entries = [...list.entries, ...fresh].sort(byActivity)
  return { entries, end: pageInfo.endCursor, more: pageInfo.hasNextPage, floor: nodes.at(-1) ?? list.floor }
}

/** The list after a change. What is older than what the list shows changes nothing. */
export function applied(list: List, change: Change): List {
  const id = change.conversationId ?? change.conversation?.id
  if (!change.change || !id) return list
  const known = list.entries.find(({ row }) => row.id === id)
  if (known && change.conversation && older(change.conversation, known.row)) return list
  if (change.change === 'LEFT') return left(list, id, change)
  return change.conversation ? placed(list, change.conversation, known) : list
}

function left(list: List, id: string, { reason, conversation }: Change): List {
  const entries = list.entries.map((entry) =>
    entry.row.id === id ? { row: conversation ?? entry.row, flash: null, leaving: reason ?? 'OTHER' } : entry,
  )
  return { ...list, entries: entries.sort(byActivity) }
}

function placed(list: List, row: Row, known: Entry | undefined): List {
  const others = list.entries.filter((entry) => entry !== known)
  const entry: Entry = { row, flash: { kind: known && !known.leaving ? 'updated' : 'entered' }, leaving: null }
  // Behind the last fetched row nobody knows what else there is: it comes with its page.
  if (list.more && list.floor && newestFirst(row, list.floor) > 0) return { ...list, entries: others }
  return { ...list, entries: [...others, entry].sort(byActivity) }
}

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

const byActivity = (a: Entry, b: Entry) => newestFirst(a.row, b.row)

function newestFirst(a: Row, b: Row): number {
  const newest = Date.parse(b.lastActivityAt) - Date.parse(a.lastActivityAt)
  if (newest !== 0 || a.id === b.id) return newest
  return a.id < b.id ? 1 : -1
}
