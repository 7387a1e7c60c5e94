import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heights, rowsNear } from './rowsNear'

const sizes = fc.array(fc.integer({ min: 20, max: 200 }), { minLength: 1, maxLength: 400 })

test('wherever a scroller stands, all that can be seen is drawn, and little more', () => {
  fc.assert(
    fc.property(sizes, fc.nat(40_000), fc.integer({ min: 1, max: 2000 }), (heights, wanted, height) => {
      const keys = heights.map((_, index) => String(index))
      const known = new Heights()
      heights.forEach((size, index) => known.set(String(index), size))
      const tops = known.tops(keys)
      const scrolled = Math.min(wanted, Math.max(0, tops.at(-1)! - height))
      const { begin, end } = rowsNear(tops, scrolled, height)
      for (let index = 0; index < heights.length; index++) {
        if (tops[index + 1]! > scrolled && tops[index]! < scrolled + height) expect(index >= begin && index < end, `row ${index}`).toBe(true)
      }
      const seen = heights.filter((_, index) => tops[index + 1]! > scrolled && tops[index]! < scrolled + height).length
      expect(end - begin).toBeLessThanOrEqual(seen + 17)
    }),
  )
})

test('a row that was never drawn is as high as the others, and a row that grows moves those below it', () => {
  const heights = new Heights()
  expect(heights.tops(['a', 'b'])).toEqual([0, 76, 152])
  expect([heights.set('a', 80), heights.set('a', 80)]).toEqual([true, false])
  expect(heights.tops(['a', 'b', 'c'])).toEqual([0, 80, 160, 240])
  heights.set('a', 100)
  expect(heights.tops(['a', 'b'])).toEqual([0, 100, 200])
})

test('no more heights are kept than a long list has', () => {
  const heights = new Heights()
  for (let row = 0; row < 20_000; row++) heights.set(String(row), 50)
  heights.set('x', 90)
  expect(heights.tops(['x', '0'])).toEqual([0, 90, 180]) // one that was forgotten is as high as the rest
})
