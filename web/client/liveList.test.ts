import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Connection } from './connection.js'
import type { RowFragment as Row } from './generated/graphql.js'
import type { Change } from './list.js'
import { LiveList } from './liveList.js'

beforeEach(() => void vi.useFakeTimers()) // a page that has just begun: its clock stands at 0
afterEach(() => void vi.useRealTimers())

const row = (id: string) => ({ id, subject: id, version: 1, revision: 1, lastActivityAt: '2026-01-01T00:00:00Z' }) as Row

/** A list of one row, with the stream begun, and how to send a change of it. */
async function begun() {
  const heard: { next?: (data: { inboxChanges: unknown }) => void } = {}
  const connection = {
    execute: async () => ({ conversations: { nodes: [row('a')], pageInfo: { hasNextPage: false, endCursor: null }, liveCursor: 'here' } }),
    subscribe: (_document: unknown, _variables: unknown, handlers: typeof heard) => (Object.assign(heard, handlers), () => undefined),
  } as unknown as Connection
  const list = new LiveList(connection, {}, { gather: 100, farewell: 1600 })
  const stop = list.start()
  await vi.advanceTimersByTimeAsync(0)
  const send = (id: string) => heard.next?.({ inboxChanges: { change: 'ENTERED', conversationId: id, conversation: row(id), gap: false } satisfies Change<Row> & { gap: boolean } })
  const rows = () => list.get().map(({ id }) => id).sort()
  return { send, rows, stop }
}

test('the first change is shown at once, and what follows closely is shown together', async () => {
  const { send, rows, stop } = await begun()
  send('b')
  await vi.advanceTimersByTimeAsync(1)
  expect(rows()).toEqual(['a', 'b'])
  send('c')
  await vi.advanceTimersByTimeAsync(50)
  send('d')
  expect(rows()).toEqual(['a', 'b'])
  await vi.advanceTimersByTimeAsync(50)
  expect(rows()).toEqual(['a', 'b', 'c', 'd'])
  stop()
})
