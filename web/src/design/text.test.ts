import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, firstLetter, isolated, tooLong } from './text'

const family = '👨‍👩‍👧‍👦'

test('a text is cut between letters as people count them', () => {
  expect(cut(`ab${family}c`, 3)).toBe(`ab${family}…`)
  expect(cut(`ab${family}c`, 2)).toBe('ab…')
  expect(cut(`ab${family}`, 3)).toBe(`ab${family}`)
  expect(cut('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301e\u0301…')
})

test('no cut leaves half a letter', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, letters) => void encodeURIComponent(cut(text, letters)))) // which throws for half a letter
})

test.each([
  ['', ''],
  ['Anna', 'A'],
  [`${family} Ltd`, family],
])('the first letter of %s', (text, first) => expect(firstLetter(text)).toBe(first))

test('a length is counted as the server counts it, and said', () => {
  expect(tooLong('😀'.repeat(10), 10)).toBeNull()
  expect(tooLong('x'.repeat(12_000), 10_000)).toBe('2,000 characters too many: at most 10,000 can be sent at once')
  expect(tooLong('x'.repeat(11), 10)).toContain('1 character too many')
})

test.each(['نورا', 'נועה', 'Anna \u202egreB', '‏x'])('a name that turns the line keeps that to itself: %s', (name) => {
  expect(isolated(name)).toBe(`\u2068${name}\u2069`)
})
test.each(['Anna Berg', 'Émile', '田中', ''])('any other name stays as it is: %s', (name) => expect(isolated(name)).toBe(name))
