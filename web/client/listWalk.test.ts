import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Connection } from './connection.js'
import { Fault } from './faults.js'
import { compare, type Listed, type Order } from './list.js'
import { LiveList } from './liveList.js'
import type { Observer } from './resume.js'

type Row = Listed & { in: boolean }
type Item = { inboxChanges: { change: 'ENTERED' | 'UPDATED' | 'LEFT' | null; gap: boolean; conversationId: string | null; conversation: Row | null } }
type Ask = { first: number; after: string | null }

/** A server whose answers and items arrive when a test lets them. Pages are read when they are asked for, or only when they are answered. */
class Desk {
  readonly rows = new Map<string, Row>()
  readonly log: Item[] = []
  readonly waiting: (() => void)[] = []
  sent = 0
  observer: Observer<unknown> | null = null
  #clock = 0
  constructor(readonly order: Order, readonly late: boolean) {}

  readonly connection = {
    execute: (_document: unknown, ask: Ask) => {
      const read = this.late ? null : this.page(ask)
      return new Promise((resolve) => this.waiting.push(() => resolve({ conversations: read ?? this.page(ask) })))
    },
    subscribe: (_document: unknown, { after }: { after: string }, observer: Observer<unknown>) => {
      this.sent = Number(after)
      this.observer = observer
      return () => void (this.observer = null)
    },
  } as unknown as Connection

  view = () => [...this.rows.values()].filter((row) => row.in).sort((a, b) => compare(this.order, a, b))

  page({ first, after }: Ask) {
    const last = after === null ? null : (JSON.parse(after) as Row)
    const rest = this.view().filter((row) => !last || compare(this.order, row, last) > 0)
    const nodes = rest.slice(0, first)
    return { nodes, liveCursor: String(this.log.length), pageInfo: { hasNextPage: rest.length > first, endCursor: nodes.length > 0 ? JSON.stringify(nodes.at(-1)) : null } }
  }

  change(id: string, into: boolean, time: number) {
    const before = this.rows.get(id)
    const at = new Date(Date.UTC(2026, 0, 1) + time).toISOString()
    const after: Row = { id, revision: ++this.#clock, in: into, lastActivityAt: at, createdAt: before?.createdAt ?? at, waitingSince: time % 3 ? at : null, awaitingReplySince: time % 2 ? at : null }
    this.rows.set(id, after)
    if (!into && !before?.in) return
    this.log.push({ inboxChanges: { change: !into ? 'LEFT' : before?.in ? 'UPDATED' : 'ENTERED', gap: false, conversationId: id, conversation: into || time % 2 ? after : null } })
  }

  /** Delivers the next item, if somebody listens. */
  deliver() {
    const item = this.observer && this.log[this.sent]
    if (!item) return false
    this.sent++
    if (item.inboxChanges.gap) this.observer!.missed?.()
    this.observer?.next(item)
    return true
  }

  /** Rights changed: rows come and go without any event, and the stream says that something is missing. */
  gap(hidden: string) {
    const row = this.rows.get(hidden)
    if (row) this.rows.set(hidden, { ...row, in: !row.in })
    this.log.push({ inboxChanges: { change: null, gap: true, conversationId: null, conversation: null } })
  }
}

const settled = async () => {
  for (let turn = 0; turn < 6; turn++) await Promise.resolve()
}

const id = fc.constantFrom(...'abcdefghijkl')
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('change' as const), id, into: fc.boolean(), time: fc.nat(12) }) },
  { weight: 4, arbitrary: fc.constant({ do: 'deliver' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'answer' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'more' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gap' as const), id }) },
)
const fields = ['LAST_ACTIVITY', 'CREATED', 'WAITING', 'AWAITING_REPLY'] as const
const orders = fields.flatMap((field) => (['ASC', 'DESC'] as const).map((direction) => ({ field, direction })))

test.each(orders)('in order $field $direction the rows are what the server would answer, however answers and changes cross, and no row goes back', async (order) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.array(fc.tuple(id, fc.nat(12)), { maxLength: 10 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), async (steps, begin, first, late) => {
      const desk = new Desk(order, late)
      begin.forEach(([one, time]) => desk.change(one, true, time))
      const list = new LiveList<Row>(desk.connection, {}, { orderBy: order, first })
      const seen = new Map<string, number>()
      list.subscribe(() => {
        for (const { id: one, revision } of list.get()) {
          expect(revision).toBeGreaterThanOrEqual(seen.get(one) ?? 0)
          seen.set(one, revision)
        }
      })
      list.start()
      let wanted = first
      for (const one of steps) {
        if (one.do === 'change') desk.change(one.id, one.into, one.time)
        else if (one.do === 'deliver') desk.deliver()
        else if (one.do === 'answer') desk.waiting.shift()?.()
        else if (one.do === 'gap') desk.gap(one.id)
        else {
          const before = list.state.get()
          list.more()
          if (before.more && !before.loading) wanted += first
        }
        await settled()
      }
      for (let more = true; more; ) {
        more = desk.deliver() || desk.waiting.length > 0
        desk.waiting.shift()?.()
        await settled()
      }
      expect(list.get()).toEqual(desk.view().slice(0, wanted))
      expect(list.state.get()).toMatchObject({ loading: false, over: false, ...(desk.view().length > wanted && { more: true }) })
      list.close()
    }),
    { numRuns: 100 },
  )
})

test('a list that grows at its front stays bounded, and what was given up comes back when it is wanted', async () => {
  const order = { field: 'CREATED', direction: 'DESC' } as const
  const desk = new Desk(order, false)
  const list = new LiveList<Row>(desk.connection, {}, { orderBy: order, first: 2 })
  list.start()
  const quiet = async () => {
    for (let more = true; more; await settled()) {
      more = desk.deliver() || desk.waiting.length > 0
      desk.waiting.shift()?.()
    }
  }
  await quiet()
  for (let n = 0; n < 400; n++) desk.change(`c${n}`, true, n)
  await quiet()
  expect(list.state.get().list!.entries.length).toBeLessThanOrEqual(102)
  for (let n = 399; n > 250; n--) desk.change(`c${n}`, false, n)
  await quiet()
  expect(list.get()).toEqual(desk.view().slice(0, 2))
})

test.each([
  ['PERMISSION_DENIED', 0], // the rows may no longer be seen
  ['UNAUTHENTICATED', 1], // whoever signs in again sees the same
])('a list that ends with %s says so and keeps %i rows', async (code, left) => {
  const desk = new Desk({ field: 'CREATED', direction: 'DESC' }, false)
  desk.change('a', true, 1)
  const list = new LiveList<Row>(desk.connection, {})
  list.start()
  desk.waiting.shift()?.()
  await settled()
  desk.observer!.ended!(new Fault('no', code))
  expect(list.get()).toHaveLength(left)
  expect(list.state.get()).toMatchObject({ over: true, loading: false, fault: { code } })
  expect(desk.observer).toBeNull()
})
