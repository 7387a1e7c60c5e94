import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fitting, type Toast, Toasts } from './toasts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const plain = (id: string): Toast => ({ id, tone: 'plain', text: id })
const ids = (toasts: readonly Toast[]) => toasts.map(({ id }) => id)

test('every toast ends, but not while one points at the corner', () => {
  const toasts = new Toasts()
  toasts.show(plain('a'), 8000)
  vi.advanceTimersByTime(7000)
  toasts.hold(true)
  toasts.show(plain('b'), 8000)
  vi.advanceTimersByTime(60_000)
  expect(ids(toasts.shown.get())).toEqual(['a', 'b'])
  toasts.hold(false)
  vi.advanceTimersByTime(1000)
  expect(ids(toasts.shown.get())).toEqual(['b'])
  vi.advanceTimersByTime(7000)
  expect(toasts.shown.get()).toEqual([])
})

test('what can be undone stays on the screen, and the rest is counted', () => {
  const toasts = new Toasts()
  toasts.show({ ...plain('undo'), pinned: true }, 10_000)
  for (let index = 0; index < 250; index++) toasts.show(plain(`n${index}`))
  const { shown, more } = fitting(toasts.shown.get())
  expect(ids(shown)).toEqual(['undo', 'n248', 'n249'])
  expect(more).toBe(97)
  vi.advanceTimersByTime(10_000)
  expect(toasts.shown.get()).toEqual([])
})

test('one with the same id takes the place of the other, and lasts as long as is said last', () => {
  const toasts = new Toasts()
  toasts.show(plain('a'), 1000)
  toasts.show({ ...plain('a'), text: 'again' }, 5000)
  vi.advanceTimersByTime(4000)
  expect(toasts.shown.get().map(({ text }) => text)).toEqual(['again'])
})
