import { expect, test } from 'vitest'
import { duration, figure } from './words'

test.each([
  [-5000, '0:00'],
  [7_999, '0:07'],
  [754_000, '12:34'],
  [3_723_000, '1:02:03'],
  [47 * 3_600_000, '47:00:00'],
  [52 * 3_600_000, '2 d 4 h'],
])('%i ms is %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text)
})

test('a figure that the server counts no further says so', () => {
  expect([figure(0), figure(999), figure(1000)]).toEqual(['0', '999', '1000+'])
})
