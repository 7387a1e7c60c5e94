import { expect, test } from 'vitest'
import { lasting, left } from './time'

test.each([
  [0, '1 s'], [12_400, '12 s'], [59_400, '59 s'], [60_000, '1 min'], [150_000, '3 min'], [3_600_000, '1 h'], [7_500_000, '2 h 5 min'], [3 * 86_400_000, '3 days'],
])('%s ms last %s', (milliseconds, words) => {
  expect(lasting(milliseconds)).toBe(words)
})

test.each([[-5, '0:00'], [1, '0:01'], [59_001, '1:00'], [62_000, '1:02'], [3_909_000, '1:05:09']])('%s ms are left', (milliseconds, words) => {
  expect(left(milliseconds)).toBe(words)
})
