import { expect, test } from 'vitest'
import { choiceOf, textOf } from './choice'
import { NO_CHOICE } from './views'

test.each([
  [NO_CHOICE, ''],
  [{ ...NO_CHOICE, search: ' a b ' }, '{"search":" a b "}'],
  [{ kind: 'TICKET', search: 'x', awaiting: true, starred: true } as const, '{"kind":"TICKET","search":"x","awaiting":true,"starred":true}'],
])('what is chosen above a list is kept: %j', (choice, text) => {
  expect(textOf(choice)).toBe(text)
  expect(choiceOf(text)).toEqual(choice)
})

test.each(['{', 'null', '7', '{"kind":"FAX","search":7,"awaiting":"yes"}'])('what another version kept chooses nothing: %s', (text) => {
  expect(choiceOf(text)).toEqual(NO_CHOICE)
})
