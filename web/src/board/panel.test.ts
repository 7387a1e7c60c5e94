import { expect, test } from 'vitest'
import { meant } from './matches'

const [adrian, samira] = [{ id: 'adrian' }, { id: 'samira' }]

test.each([
  ['nothing typed, nothing marked', { words: '', marked: null }, '', [adrian], undefined],
  ['typed, and its list is there', { words: 'samira', marked: null }, 'samira', [samira], samira],
  ['typed, and another list is there', { words: 'samira', marked: null }, '', [adrian, samira], undefined],
  ['typed, and no list is there', { words: 'samira', marked: null }, null, [], undefined],
  ['typed, and nobody was found', { words: 'x', marked: null }, 'x', [], undefined],
  ['marked', { words: '', marked: 'samira' }, '', [adrian, samira], samira],
  ['marked, and gone from the list', { words: '', marked: 'samira' }, '', [adrian], undefined],
])('Enter with %s', (_what, { words, marked }, listOf, choices, wanted) => {
  expect(meant({ words, marked, waiting: null }, listOf, choices)).toBe(wanted)
})
