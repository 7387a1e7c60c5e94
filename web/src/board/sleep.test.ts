import { expect, test } from 'vitest'
import { sleeps } from './sleep'

test('an hour is an hour, and tomorrow is the next morning, also late at night', () => {
  const night = new Date(2026, 11, 31, 23, 30).getTime()
  const [hour, tomorrow] = sleeps({ awaitingReplySince: null }, night)
  expect(hour!.until).toEqual({ time: new Date(night + 3_600_000).toISOString() })
  expect(tomorrow!.until).toEqual({ time: new Date(2027, 0, 1, 9).toISOString() })
})

test('what the visitor awaits an answer to does not sleep until they write', () => {
  const until = (awaitingReplySince: string | null) => sleeps({ awaitingReplySince }, 0).at(-1)!
  expect(until(null)).toEqual({ label: 'Until they write', until: { contactWrites: true }, denied: null })
  expect(until('2026-01-01T00:00:00Z').denied).not.toBeNull()
})
