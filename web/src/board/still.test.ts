import { expect, test } from 'vitest'
import type { Entry, Row } from './list'
import { inPlace, justChanged } from './still'

const entry = (id: string, subject = id): Entry => ({ row: { id, subject } as Row, flash: null, leaving: null })
const shown = (entries: Entry[]) => entries.map(({ row, leaving }) => row.subject + (leaving ? ` (${leaving})` : ''))

test.each([
  ['a row that moved keeps its place and shows what is new', ['a', 'b'], [entry('b', 'B'), entry('a')], ['a', 'B']],
  ['a new row on top waits', ['a'], [entry('x'), entry('a')], ['a']],
  ['a row that went says so', ['a', 'b'], [entry('b')], ['a (OTHER)', 'b']],
  ['the next page comes behind the last', ['a', 'b'], [entry('a'), entry('b'), entry('c')], ['a', 'b', 'c']],
  ['an empty list holds nothing up', [], [entry('a')], ['a']],
])('%s', (_what, before, now, wanted) => {
  expect(shown(inPlace(before.map((id) => entry(id)), now))).toEqual(wanted)
})

test.each([
  ['never changed, on a page that has just begun', null, 5, false],
  ['never changed', null, 5000, false],
  ['changed a moment ago, on a page that has just begun', 3, 5, true],
  ['changed a moment ago', 4700, 5000, true],
  ['changed long ago', 4600, 5000, false],
])('what is under a pointer %s', (_what, changedAt, now, wanted) => {
  expect(justChanged(changedAt, now)).toBe(wanted)
})
