import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf, placeOf } from './place'

test.each([
  ['', { view: null, conversation: null }],
  ['#', { view: null, conversation: null }],
  ['#/open', { view: 'open', conversation: null }],
  ['#/open/a%2Fb%3D', { view: 'open', conversation: 'a/b=' }],
  ['#/mine/%', { view: 'mine', conversation: '%' }],
  ['#/%/%E0%A4%A', { view: '%', conversation: '%E0%A4%A' }],
])('the address %s', (hash, place) => {
  expect(placeOf(hash)).toEqual(place)
})

test('whatever stands in an address is read', () => {
  fc.assert(fc.property(fc.string(), (hash) => void placeOf(`#/${hash}`)), { numRuns: 50 })
})

test('a place is the same behind its address', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.option(fc.string({ minLength: 1, unit: 'grapheme' })), (view, conversation) => {
      expect(placeOf(hashOf({ view, conversation }))).toEqual({ view, conversation })
    }),
    { numRuns: 50 },
  )
})
