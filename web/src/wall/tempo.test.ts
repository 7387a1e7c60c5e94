import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted, countedSince, MINUTES, newTempo, totals, turned, unknown } from './tempo'

const MINUTE = 60_000
const NOON = Date.UTC(2026, 0, 1, 12)

test('before it began nobody counted, and it says since when', () => {
  const tempo = newTempo(NOON + 5 * MINUTE + 1000)
  expect(tempo.counts.slice(-2)).toEqual([null, 0])
  expect(countedSince(tempo)).toBe(NOON + 5 * MINUTE)
  expect(countedSince(turned(tempo, NOON + 15 * MINUTE))).toBe(NOON + 5 * MINUTE)
  expect(countedSince(turned(tempo, NOON + 63 * MINUTE))).toBe(NOON + 5 * MINUTE)
  expect(countedSince(turned(tempo, NOON + 64 * MINUTE))).toBeNull()
})
test('a clock that goes back changes nothing', () => {
  const tempo = newTempo(NOON)
  expect(turned(tempo, NOON - MINUTE)).toBe(tempo)
})
test('what came late counts where it belongs, unless nobody counted there', () => {
  const tempo = turned(newTempo(NOON), NOON + 3 * MINUTE)
  expect(counted(tempo, NOON + MINUTE).counts.slice(-4)).toEqual([0, 1, 0, 0])
  expect(counted(tempo, NOON - MINUTE)).toEqual(tempo)
  expect(counted(tempo, NOON - 100 * MINUTE)).toEqual(tempo)
})
test('a time that is not known ends now', () => {
  const tempo = unknown(turned(newTempo(NOON), NOON + 3 * MINUTE), NOON + MINUTE, NOON + 4 * MINUTE)
  expect(tempo.counts.slice(-5)).toEqual([0, null, null, null, 0])
})
test('the sums leave out what is not known', () => {
  expect(totals(counted(counted(newTempo(NOON), NOON), NOON))).toEqual({ all: 2, most: 2 })
})
test('it counts each change of the last hour once, whenever it is looked at', () => {
  const gaps = fc.array(fc.tuple(fc.nat(5 * MINUTE), fc.boolean()), { maxLength: 200 })
  fc.assert(
    fc.property(gaps, (steps) => {
      let now = NOON
      let tempo = newTempo(now)
      const times: number[] = []
      for (const [gap, look] of steps) {
        now += gap
        if (look) tempo = turned(tempo, now)
        else {
          tempo = counted(tempo, now)
          times.push(now)
        }
      }
      const hour = Math.floor(now / MINUTE) - MINUTES
      expect(tempo.counts).toHaveLength(MINUTES)
      expect(totals(turned(tempo, now)).all).toBe(times.filter((at) => Math.floor(at / MINUTE) > hour).length)
    }),
  )
})
