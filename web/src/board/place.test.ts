import { expect, test } from 'vitest'
import { hashOf, placeOf } from './place'
import { narrowed, viewsOf } from './views'

test.each([
  ['', { view: 'mine', conversation: null }],
  ['#/open', { view: 'open', conversation: null }],
  ['#/open/a%2Fb%3D', { view: 'open', conversation: 'a/b=' }],
])('the address %s', (hash, place) => {
  expect(placeOf(hash)).toEqual(place)
  if (hash) expect(hashOf(place)).toBe(hash)
})

test('a view is narrowed by what was chosen and typed', () => {
  expect(narrowed({ list: 'MINE' }, 'ALL', '  ')).toEqual({ list: 'MINE' })
  expect(narrowed({ list: 'MINE' }, 'TICKET', ' zip ')).toEqual({ list: 'MINE', kinds: ['TICKET'], search: 'zip' })
})

test('no more views than the server counts at once', () => {
  const teams = Array.from({ length: 40 }, (_, index) => ({ id: `${index}`, name: `Team ${index}` }))
  expect(viewsOf(teams)).toHaveLength(20)
  expect(new Set(viewsOf(teams).map(({ key }) => key)).size).toBe(20)
})
