import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Chat, chatOf, type Heard, hostOf, type Visited, withEarlier, withNews } from './chat'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()
const said = (n: number): Heard => ({ id: `m${n}`, sequence: n, body: `${n}`, at: at(n), author: { __typename: 'Contact', contactName: 'Vera' } })
const waiting: Visited = {
  id: 'c', subject: 's', status: 'OPEN', handler: 'QUEUED', queuePosition: 3, waitingSince: at(0), contact: { name: 'Vera' }, assignee: null, originAgent: { name: 'Ada' },
}
const page = (from: number, to: number, more: boolean) => ({
  pageInfo: { hasPreviousPage: more, startCursor: `before ${from}` },
  nodes: Array.from({ length: to - from + 1 }, (_, index) => said(from + index)),
})
const chat = chatOf({ ...waiting, messages: page(3, 4, true) })

test('a fetched chat knows where earlier messages begin', () => {
  expect(chat.earlier).toBe('before 3')
  const whole = withEarlier(chat, page(1, 3, false))
  expect(whole.messages.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4'])
  expect(whole.earlier).toBeNull()
})
test('the state told last holds, and a message alone leaves it', () => {
  const next = withNews(withNews(chat, { conversation: { ...waiting, queuePosition: 1 } }), { message: said(5) })
  expect(next.conversation.queuePosition).toBe(1)
  expect(next.messages).toHaveLength(3)
})
test('in whatever order, and however often it is told, each message is there once, in its place', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30)), (told) => {
      const empty: Chat = { conversation: waiting, messages: [], earlier: null }
      const { messages } = told.reduce((now, n) => withNews(now, { message: said(n) }), empty)
      expect(messages.map(({ id }) => id)).toEqual([...new Set(told)].sort((a, b) => a - b).map((n) => `m${n}`))
    }),
  )
})
test.each<[string, Partial<Visited>, string, string | null]>([
  ['in line', {}, 'You are number 3 in line', null],
  ['in line, place unknown', { queuePosition: null }, 'You are in line', null],
  ['with the AI agent', { handler: 'AI' }, 'Ada answers you, an AI agent', 'Ada'],
  ['with a person', { handler: 'HUMAN', assignee: { name: 'Mara' } }, 'Mara answers you', 'Mara'],
  ['closed, back with the AI agent', { handler: 'AI', status: 'CLOSED' }, 'This chat was closed', null],
  ['closed, owned', { handler: 'HUMAN', status: 'CLOSED', assignee: { name: 'Mara' } }, 'This chat was closed', null],
])('who answers: %s', (_name, part, says, who) => {
  expect(hostOf({ ...waiting, ...part })).toMatchObject({ says, who })
})
