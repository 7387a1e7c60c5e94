import { describe, expect, test } from 'vitest'
import { noLoads } from './loads'
import { withoutTeam } from './noTeam'
import { chosen, levelOf, PLAIN, readSetup, type Setup, writeSetup } from './setup'

const teams = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase() }))

test.each<Setup>([PLAIN, { teams: ['b', 'a'], noTeam: false, soon: 2, late: 3, many: 1 }, { ...PLAIN, teams: [] }])('a setup survives its address', (setup) => {
  expect(readSetup(new URLSearchParams(writeSetup(setup).toString()))).toEqual(setup)
})

test.each([
  ['soon=0&late=-1&many=x', PLAIN],
  ['soon=20', { ...PLAIN, soon: 20, late: 20 }],
  ['late=1e99', { ...PLAIN, late: PLAIN.late }],
  ['teams=,,&noTeam=maybe', { ...PLAIN, teams: [] }],
])('what an address says wrongly is as usual: %s', (text, wanted) => {
  expect(readSetup(new URLSearchParams(text.replace('late=1e99', 'late=Infinity')))).toEqual(wanted)
})

describe('the teams that are shown', () => {
  test.each([
    [null, ['a', 'b', 'c']],
    [['c', 'a'], ['c', 'a']],
    [['c', 'gone'], ['c']],
    [['gone'], ['a', 'b', 'c']],
    [[], []],
  ])('%j', (ids, wanted) => expect(chosen(teams, ids).map(({ id }) => id)).toEqual(wanted))
})

test.each([
  [0, null, 'calm'],
  [1, 4.9, 'calm'],
  [1, 5, 'soon'],
  [10, 1, 'soon'],
  [1, 15, 'late'],
  [99, 15, 'late'],
] as const)('%i wait, the first for %s minutes: %s', (waiting, minutes, level) => {
  expect(levelOf(PLAIN, waiting, minutes === null ? null : 1e9 - minutes * 60_000, 1e9)).toBe(level)
})

describe('what waits without a team', () => {
  const loads = (waiting: number, longestSince: number | null) => ({ ...noLoads, waiting, longestSince })
  test.each([
    ['the rest of the whole', loads(5, 100), { a: loads(2, 300) }, ['a'], { waiting: 3, longestSince: 100 }],
    ['the first in line is of a team', loads(5, 100), { a: loads(2, 100) }, ['a'], { waiting: 3, longestSince: null }],
    ['nothing', loads(2, 100), { a: loads(2, 100) }, ['a'], { waiting: 0, longestSince: null }],
    ['a stream is ahead', loads(1, 100), { a: loads(2, 100) }, ['a'], { waiting: 0, longestSince: null }],
    ['a team was not heard yet', loads(5, 100), {}, ['a'], null],
    ['nothing was heard', null, {}, [], null],
    ['more than is counted', loads(1000, 100), { a: loads(2, 100) }, ['a'], null],
  ])('%s', (_name, workspace, teams, ids, wanted) => expect(withoutTeam(workspace, teams, ids)).toEqual(wanted))
})
