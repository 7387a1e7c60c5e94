import { expect, test } from 'vitest'
import { aheadOf } from './clock'

const at = Date.UTC(2026, 0, 1)
const header = new Date(at).toUTCString()

test.each([
  ['the same time', header, at + 400, at + 600, 0],
  ['two seconds are no harm', header, at - 1000, at - 1000, 0],
  ['an hour behind', header, at - 3_600_000, at - 3_600_000, 3_600_500],
  ['three days ahead', header, at + 3 * 86_400_000, at + 3 * 86_400_000, -3 * 86_400_000 + 500],
  ['a slow answer counts half', header, at - 20_000, at, 10_500],
  ['no header', null, at, at, 0],
  ['a header that is no date', 'soon', at, at, 0],
])('%s', (_name, date, asked, came, wanted) => {
  expect(aheadOf(date, asked, came)).toBe(wanted)
})
