import { buildSchema, type GraphQLEnumType } from 'graphql'
import { expect, test } from 'vitest'
// @ts-expect-error: a script without types
import { readSchema } from '../scripts/schema.mjs'
import { wordsOf } from './board/notices'
import { preview } from './board/preview'
import { statusText } from './board/StatusMenu'
import { denial, leaveReason, reasonText, targetDenial } from './board/words'
import { sentence } from './design/told'

const schema = buildSchema(readSchema())
const valuesOf = (name: string) => (schema.getType(name) as GraphQLEnumType).getValues().map(({ name: value }) => value)
const CODE = /\b[A-Z]{3,}(_[A-Z]+)*\b/

const ben = { __typename: 'Member', id: 'ben', name: 'Ben' } as const
const nobody = { handler: 'QUEUED', status: 'OPEN', assignee: null, team: null } as const
const event = (kind: string) => ({ id: 'e', kind, actor: ben, from: nobody, to: nobody, reason: null, note: null, version: 4, at: '2026-01-01T00:00:00.000Z' }) as never

// Whatever a schema may say in codes is said in words, the values of tomorrow as well.
test.each([
  ['AssignmentKind', (code: string) => sentence(event(code))],
  ['InboxLeaveReason', leaveReason],
  ['ConversationStatus', statusText as (code: string) => string],
  ['DenialReason', (code: string) => denial({ action: 'REPLY', allowed: false, reason: code, permission: null, requiredPlan: null } as never)!],
  ['TargetReason', (code: string) => targetDenial(code as never)!],
] as const)('%s is told in words', (name, words) => {
  if (!schema.getType(name)) return
  for (const code of [...valuesOf(name), 'SOMETHING_NEW']) {
    expect(words(code), code).toBeTruthy()
    expect(words(code).replaceAll('AI', ''), code).not.toMatch(CODE)
  }
})

test('every kind of notification names the visitor', () => {
  for (const kind of valuesOf('NotificationKind')) {
    for (const subject of ['A zip', '']) {
      const told = { id: 'n', kind, at: '', read: false, claimable: false, actor: ben, event: null, message: { body: 'Hello', sequence: 1 }, conversation: { id: 'c', subject, contact: { id: 'v', name: 'Vera' } } }
      const { text, detail } = wordsOf(told as never)
      expect(`${text} ${detail}`, kind).toContain('Vera')
    }
  }
})

test('a name from right to left keeps to itself', () => {
  const told = { id: 'n', kind: 'CLOSED_BY_OTHER', at: '', read: false, claimable: false, actor: ben, event: null, message: null, conversation: { id: 'c', subject: 'طلب 5', contact: { id: 'v', name: 'ליאת' } } }
  expect(wordsOf(told as never)).toEqual({ text: 'Ben closed \u2068طلب 5\u2069', detail: '\u2068ליאת\u2069' })
})

test('an event has a sentence of its own for every kind', () => {
  for (const kind of valuesOf('AssignmentKind')) expect(sentence(event(kind)), kind).not.toBe('Ben changed it')
})

test('what ends the AI agent\'s part says so', () => {
  const from = { ...nobody, handler: 'AI' }
  const to = { ...nobody, handler: 'HUMAN', assignee: { id: 'ben', name: 'Ben' } }
  expect(sentence({ ...(event('CLAIMED') as object), from, to } as never)).toBe('Ben claimed it: the AI agent answers no longer')
})

test.each(['LEFT', 'IDLE', 'MEMBER_REMOVED', 'A_NEW_ONE'])('the reason %s is told in words, and what people wrote as they did', (code) => {
  expect(reasonText(code)).not.toMatch(CODE)
  expect(reasonText('Asked for a refund')).toBe('Asked for a refund')
})

test('a preview says who spoke, unless it was the visitor, and marks the AI agent', () => {
  const said = (author: object, preview = 'Hi\n  there') => ({ lastMessage: { id: 'm', at: '', preview, author } }) as never
  expect(preview(said({ __typename: 'Contact', contactName: 'Vera' }), 'me')).toEqual({ by: null, robot: false, text: 'Hi there' })
  expect(preview(said({ __typename: 'Member', id: 'me', name: 'Anna' }), 'me')).toEqual({ by: 'You', robot: false, text: 'Hi there' })
  expect(preview(said({ __typename: 'AIAgent', id: 'x', name: 'Ada' }), 'me')).toEqual({ by: 'Ada', robot: true, text: 'Hi there' })
  expect(preview({ lastMessage: null }, 'me').text).toBe('No messages yet')
})
