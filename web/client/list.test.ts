import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RowFragment as Row } from './generated/graphql.js'
import { allApplied, appended, type Change as ChangeOf, compare, forgotten, type List as ListOf, listOf, type Page as PageOf, shown } from './list.js'

type Change = ChangeOf<Row>
type List = ListOf<Row>
type Page = PageOf<Row>

const applied = (list: List, one: Change): List => allApplied(list, [one])

function row(id: string, at: number, version = 1): Row {
  const date = new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString()
  return {
    id, version, revision: version * 1000 + at, kind: 'LIVECHAT', subject: id, channel: 'web', status: 'OPEN', handler: 'QUEUED', lastActivityAt: date,
    createdAt: date, waitingSince: null, snooze: null, offer: null, awaitingReplySince: null, queuePosition: null, contact: { id: 'c', name: 'C' }, assignee: null, team: null, lastMessage: null,
  }
}

const page = (nodes: Row[], hasNextPage = false): Page => ({ nodes, pageInfo: { hasNextPage, endCursor: nodes.at(-1)?.id ?? null } })
const change = (kind: Change['change'], conversation: Row, reason?: string): Change => ({ change: kind, conversation, conversationId: conversation.id, reason: reason ?? null })
const ids = (list: List) => shown(list).map(({ id }) => id)

describe('one change', () => {
  const list = listOf(page([row('c', 30), row('b', 20), row('a', 10)]))

  test('a new row enters at its place', () => {
    const next = applied(list, change('ENTERED', row('x', 25)))
    expect(ids(next)).toEqual(['c', 'x', 'b', 'a'])
    expect(next.entries[1]!.flash).toEqual({ kind: 'entered' })
  })
  test('a changed row moves to its place', () => {
    const next = applied(list, change('UPDATED', row('a', 40, 2)))
    expect(ids(next)).toEqual(['a', 'c', 'b'])
    expect(next.entries[0]!.flash).toEqual({ kind: 'updated' })
  })
  test('a row that left is shown with its reason, and then forgotten', () => {
    const next = applied(list, change('LEFT', row('b', 21, 2), 'REASSIGNED'))
    expect(ids(next)).toEqual(['c', 'a'])
    expect(next.entries[1]).toMatchObject({ leaving: 'REASSIGNED', row: { version: 2 } })
    expect(forgotten(next, 'b').entries).toHaveLength(2)
  })
  test('a row that is out of sight leaves without its conversation', () => {
    const next = applied(list, { change: 'LEFT', reason: 'NO_LONGER_PERMITTED', conversationId: 'b', conversation: null })
    expect(ids(next)).toEqual(['c', 'a'])
  })
  test('a row that came back is not forgotten', () => {
    const left = applied(list, change('LEFT', row('b', 21, 2)))
    expect(ids(forgotten(applied(left, change('ENTERED', row('b', 22, 3))), 'b'))).toEqual(['c', 'b', 'a'])
  })
  test.each(['ENTERED', 'UPDATED', 'LEFT'] as const)('%s of an older version changes nothing', (kind) => {
    const fresh = listOf(page([row('a', 10, 5)]))
    expect(applied(fresh, change(kind, row('a', 9, 4)))).toBe(fresh)
  })
  test('a message of the same version that came earlier changes nothing', () => {
    const fresh = listOf(page([row('a', 10, 5)]))
    expect(applied(fresh, change('UPDATED', row('a', 9, 5)))).toBe(fresh)
  })
  test('what lies behind the last fetched row comes with its page', () => {
    const first = listOf(page([row('c', 30), row('b', 20)], true))
    expect(ids(applied(first, change('ENTERED', row('x', 15))))).toEqual(['c', 'b'])
    expect(ids(applied(first, change('ENTERED', row('x', 25))))).toEqual(['c', 'x', 'b'])
  })
  test('the last fetched place stays when its row moves away', () => {
    const first = applied(listOf(page([row('c', 30), row('b', 20)], true)), change('UPDATED', row('b', 40, 2)))
    expect(ids(applied(first, change('ENTERED', row('x', 25))))).toEqual(['b', 'c', 'x'])
  })
  test('times are compared as times: the server writes as few digits as it needs', () => {
    const late = { ...row('late', 0), lastActivityAt: '2026-01-01T00:00:00.125Z' }
    const early = { ...row('early', 0), lastActivityAt: '2026-01-01T00:00:00.12Z' }
    expect(ids(applied(listOf(page([early])), change('ENTERED', late)))).toEqual(['late', 'early'])
  })
  test('an item without a change is no change', () => {
    expect(applied(list, { change: null, conversation: null, conversationId: null })).toBe(list)
  })
  test('a page is not shown twice', () => {
    const first = listOf(page([row('c', 30), row('b', 20)], true))
    const moved = applied(first, change('ENTERED', row('a', 40, 2)))
    expect(ids(appended(moved, page([row('a', 10), row('z', 5)])))).toEqual(['a', 'c', 'b', 'z'])
  })
})

/** A server with a view of what is "in", which tells each change as inboxChanges does. */
class Desk {
  readonly rows = new Map<string, Row & { in: boolean }>()
  readonly told: Change[] = []
  #now = 0

  step(id: string, into: boolean, message: boolean) {
    const before = this.rows.get(id)
    const version = (before?.version ?? 0) + (message && before ? 0 : 1)
    const is = message && before ? before.in : into
    const after = { ...row(id, ++this.#now, version), in: is }
    this.rows.set(id, after)
    if (is) this.told.push(change(before?.in ? 'UPDATED' : 'ENTERED', after))
    else if (before?.in) this.told.push(change('LEFT', after))
  }

  view(): Row[] {
    return [...this.rows.values()].filter((r) => r.in).sort((a, b) => Date.parse(b.lastActivityAt) - Date.parse(a.lastActivityAt))
  }

  page(first: number, after: Row | null = null): Page {
    const rest = this.view().filter((r) => !after || Date.parse(r.lastActivityAt) < Date.parse(after.lastActivityAt))
    return page(rest.slice(0, first), rest.length > first)
  }
}

const versionIn = (list: List, id: string) => list.entries.find((entry) => entry.row.id === id)?.row.version ?? 0

const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), into: fc.boolean(), message: fc.boolean() })
type Step = { id: string; into: boolean; message: boolean }

test('whatever happens, and wherever the stream begins, the list is what a fetch would give, and no row goes back', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 30 }), fc.nat(10), fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(20), { maxLength: 3 }),
      (past, future, again, size, pagesAt) => {
        const desk = new Desk()
        const play = ({ id, into, message }: Step) => desk.step(id, into, message)
        past.forEach(play)
        let list = listOf(desk.page(size))
        // The stream may begin before what the page shows: it repeats that.
        let heard = Math.max(0, desk.told.length - again)
        const catchUp = () => {
          for (const one of desk.told.slice(heard)) {
            const before = list
            list = applied(list, one)
            for (const now of list.entries) expect(now.row.version).toBeGreaterThanOrEqual(versionIn(before, now.row.id))
          }
          heard = desk.told.length
        }
        future.forEach((one, index) => {
          play(one)
          if (!pagesAt.includes(index) || !list.more) return
          list = appended(list, desk.page(size, list.floor)) // before what happened is heard
        })
        catchUp()
        const wanted = desk.view().map(({ id }) => id)
        expect(ids(list)).toEqual(list.more ? wanted.slice(0, ids(list).length) : wanted)
        if (list.more && list.floor) {
          const above = desk.view().filter((r) => Date.parse(r.lastActivityAt) >= Date.parse(list.floor!.lastActivityAt))
          expect(ids(list)).toEqual(above.map(({ id }) => id))
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('changes that are shown together give what they give one after the other', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 6 }), (steps, size) => {
      const desk = new Desk()
      steps.forEach(({ id, into, message }) => desk.step(id, into, message))
      const begun = listOf(page([row('a', -3), row('b', -5)].slice(0, size), size > 2))
      const one = desk.told.reduce(applied, begun)
      const all = allApplied(begun, desk.told)
      expect(all.entries.map(({ row, leaving }) => [row.id, row.version, leaving])).toEqual(one.entries.map(({ row, leaving }) => [row.id, row.version, leaving]))
    }),
    { numRuns: 100 },
  )
})

test.each([
  ['LAST_ACTIVITY', 'ASC', ['a', 'b', 'c', 'd']],
  ['CREATED', 'DESC', ['d', 'c', 'b', 'a']],
  ['WAITING', 'ASC', ['b', 'd', 'c', 'a']], // who does not wait stands first, as on the server
  ['AWAITING_REPLY', 'ASC', ['d', 'a', 'b', 'c']], // what awaits nothing stands last
] as const)('%s %s', (field, direction, wanted) => {
  const rows = ['a', 'b', 'c', 'd'].map((id, at) => ({
    ...row(id, at),
    waitingSince: { a: row('', 9).createdAt, c: row('', 5).createdAt }[id] ?? null,
    awaitingReplySince: { a: row('', 9).createdAt, d: row('', 5).createdAt }[id] ?? null,
  }))
  const sorted = allApplied(listOf(page([]), { field, direction }), rows.map((one) => change('ENTERED', one)))
  expect(ids(sorted)).toEqual(wanted)
})

test('equal times are in the order of the stored ids, which is not that of the letters of global ids', () => {
  const global = (stored: string) => btoa(`Conversation:${stored}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  const stored = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), minLength: 5, maxLength: 5 })
  fc.assert(
    fc.property(fc.uniqueArray(stored, { minLength: 2, maxLength: 8 }), (ids) => {
      const rows = ids.map((id) => row(global(id), 0))
      const ordered = rows.sort((a, b) => compare({ field: 'CREATED', direction: 'ASC' }, a, b)).map(({ id }) => atob(id.replaceAll('-', '+').replaceAll('_', '/')).split(':')[1])
      expect(ordered).toEqual([...ids].sort())
    }),
  )
})
