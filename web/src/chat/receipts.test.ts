import { expect, test } from 'vitest'
import type { Heard } from './chat'
import { Receipts } from './receipts'

const heard = (sequence: number, mine = false): Heard => ({
  id: `m${sequence}`, sequence, body: '', at: '2026-01-01T00:00:00Z', author: mine ? { __typename: 'Contact', contactName: 'X' } : { __typename: 'Member', name: 'A' },
})

test('what came is reported once, up to the newest, and what was seen as read', async () => {
  const marks: string[] = []
  let visible = false
  const receipts = new Receipts(async (kind, id) => marks.push(`${kind} ${id}`), () => visible)
  receipts.heard([heard(1), heard(2), heard(3, true)])
  await receipts.report()
  receipts.heard([heard(1), heard(2), heard(3, true)])
  await Promise.resolve()
  expect(marks).toEqual(['delivered m2'])
  visible = true
  await receipts.report()
  await receipts.report()
  expect(marks).toEqual(['delivered m2', 'read m2'])
})

test('while one report is under way others wait, and go together', async () => {
  const marks: string[] = []
  let go = () => {}
  const held = new Promise<void>((resolve) => (go = resolve))
  const receipts = new Receipts(async (kind, id) => (marks.push(`${kind} ${id}`), held), () => true)
  const first = receipts.report()
  receipts.heard([heard(1)])
  const all = [heard(1), heard(2), heard(4)]
  receipts.heard(all.slice(0, 2))
  receipts.heard(all)
  go()
  await first
  await new Promise((resolve) => setTimeout(resolve))
  expect(marks).toEqual(['read m1', 'read m4'])
})

test('a report that failed is made again', async () => {
  let fails = 1
  const marks: string[] = []
  const receipts = new Receipts(async (kind, id) => {
    if (fails-- > 0) throw new Error('away')
    marks.push(`${kind} ${id}`)
  }, () => true)
  receipts.heard([heard(1)])
  await new Promise((resolve) => setTimeout(resolve))
  await receipts.report()
  expect(marks).toEqual(['read m1'])
})
