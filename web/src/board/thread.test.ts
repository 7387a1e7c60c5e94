import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Happened, moments, progress, type News, type Opened, type Said, type Thread, withEarlier, withNews } from './thread'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()

const conversation = (version: number, seconds: number): Opened => ({
  id: 'c', version, revision: version * 1000 + seconds, kind: 'LIVECHAT', subject: 's', channel: 'web', status: 'OPEN', handler: 'HUMAN', lastActivityAt: at(seconds), createdAt: at(0),
  waitingSince: null, awaitingReplySince: null, viewerHasStarred: false, offer: null, snooze: null, queuePosition: null, contact: { id: 'x', name: 'X' }, assignee: null, team: null, lastMessage: null, epoch: 1, originAgent: null, viewerCan: [],
})
const said = (id: number): Said => ({ id: `m${id}`, sequence: id, body: `${id}`, internal: false, at: at(id), deliveredAt: null, readAt: null, author: { __typename: 'SystemActor', name: 'system' } })
const owner = { handler: 'HUMAN', status: 'OPEN', assignee: null, team: null } as const
const happened = (version: number, seconds: number): Happened => ({
  id: `e${version}`, kind: 'CLAIMED', reason: null, reasonCode: null, offer: null, note: null, version, at: at(seconds), actor: { __typename: 'SystemActor', name: 'system' }, from: owner, to: owner,
})
const empty: Thread = { conversation: conversation(1, 0), email: null, messages: [], earlier: null, history: [], lost: false }

test('an older state does not come back', () => {
  const thread = withNews(empty, { conversation: conversation(3, 30) })
  expect(withNews(thread, { conversation: conversation(2, 20) }).conversation.version).toBe(3)
})
test('the last word after a loss of sight is taken as it is', () => {
  const thread = withNews(withNews(empty, { conversation: conversation(3, 30) }), { conversation: conversation(3, 0), lost: true })
  expect(thread).toMatchObject({ lost: true, conversation: { lastActivityAt: at(0) } })
})
test('earlier messages come before, once', () => {
  const page = { pageInfo: { hasPreviousPage: true, startCursor: 's' }, nodes: [said(1), said(2)] }
  const thread = withEarlier({ ...empty, messages: [said(2), said(3)], earlier: 'x' }, page)
  expect(thread.messages.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3'])
  expect(thread.earlier).toBe('s')
})
test('a change is told before the message that it came with, and none from before the first loaded message', () => {
  const thread: Thread = { ...empty, messages: [said(5), said(9)], earlier: 'x', history: [happened(3, 9), happened(2, 7), happened(1, 1)] }
  expect(moments(thread).map((m) => (m.type === 'said' ? m.said.id : m.happened.id))).toEqual(['m5', 'e2', 'e3', 'm9'])
})

test('messages keep their order, whatever clocks say', () => {
  const late = { ...said(2), at: at(1) }
  const thread = [said(3), late, said(1)].reduce((t, message) => withNews(t, { message }), { ...empty, history: [happened(1, 2)] })
  expect(moments(thread).map((m) => (m.type === 'said' ? m.said.id : m.happened.id))).toEqual(['m1', 'm2', 'e1', 'm3'])
})

test('a receipt marks what goes to the contact up to its message, and what is marked stays', () => {
  const note = { ...said(2), internal: true }
  const contacts: Said = { ...said(3), author: { __typename: 'Contact', id: 'x', contactName: 'X' } }
  const thread = [said(1), note, contacts, said(4)].reduce((t, message) => withNews(t, { message }), empty)
  const delivered = withNews(thread, { receipt: { sequence: 3, deliveredAt: at(10), readAt: null } })
  expect(delivered.messages.map((m) => m.deliveredAt)).toEqual([at(10), null, null, null])
  const read = withNews(delivered, { receipt: { sequence: 4, deliveredAt: at(20), readAt: at(20) } })
  expect(read.messages.map((m) => [m.deliveredAt, m.readAt])).toEqual([[at(10), at(20)], [null, null], [null, null], [at(20), at(20)]])
  expect(read.messages.map((m) => progress(m)?.seen)).toEqual([true, undefined, undefined, true])
  expect(progress(delivered.messages[0]!)).toEqual({ seen: false, at: at(10) })
})

const news = fc.nat(19).map((n): News => (n % 2 ? { message: said(n), conversation: conversation(10, n) } : { event: happened(n, n), conversation: conversation(n, n) }))

test('in whatever order, and however often it is told, the thread comes out the same', () => {
  fc.assert(
    fc.property(fc.uniqueArray(news, { selector: (n) => n.message?.id ?? n.event!.id }), fc.infiniteStream(fc.nat()), (all, chance) => {
      const order = [...all, ...all].map((one) => ({ one, key: chance.next().value as number })).sort((a, b) => a.key - b.key).map(({ one }) => one)
      const straight = all.reduce(withNews, empty)
      const shuffled = order.reduce(withNews, empty)
      expect(shuffled.messages).toEqual(straight.messages)
      expect(shuffled.history).toEqual(straight.history)
      expect(shuffled.conversation).toEqual(straight.conversation)
    }),
  )
})
