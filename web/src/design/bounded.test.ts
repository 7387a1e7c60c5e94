import { expect, test } from 'vitest'
import { BoundedStore } from './bounded'

interface Entry {
  at: number
  text: string
}

/** A browser's storage that a test plays. full and blocked say what it refuses. */
class FakeStorage {
  readonly items = new Map<string, string>()
  full = false
  blocked = false
  get length() {
    this.#check()
    return this.items.size
  }
  key = (index: number) => [...this.items.keys()][index] ?? null
  getItem = (name: string) => (this.#check(), this.items.get(name) ?? null)
  removeItem = (name: string) => (this.#check(), void this.items.delete(name))
  setItem = (name: string, text: string) => {
    this.#check()
    if (this.full) throw new Error('QuotaExceededError')
    this.items.set(name, text)
  }
  #check() {
    if (this.blocked) throw new Error('SecurityError')
  }
}

const wide = { count: 100, size: 10_000 }
const store = (storage: FakeStorage | null, bounds = wide) => new BoundedStore<Entry>('p:', bounds, storage)

test('what is kept is there for the next page, and removed is gone', () => {
  const storage = new FakeStorage()
  store(storage).set('a', { at: 1, text: 'x' })
  expect(store(storage).get('a')).toEqual({ at: 1, text: 'x' })
  store(storage).set('a', null)
  expect(store(storage).get('a')).toBeUndefined()
})

test('when there are too many, or too much, the oldest go and the one that was written stays', () => {
  const storage = new FakeStorage()
  const few = store(storage, { count: 3, size: 10_000 })
  for (const at of [5, 3, 4, 1]) few.set(`k${at}`, { at, text: '' })
  expect(few.keys()).toEqual(['k5', 'k4', 'k1'])
  expect(storage.items.size).toBe(3)
  const small = store(new FakeStorage(), { count: 100, size: 100 })
  for (const at of [1, 2, 3]) small.set(`k${at}`, { at, text: 'x'.repeat(40) })
  expect(small.keys()).toEqual(['k3'])
})

test('what one owner keeps takes no room from another, up to five times the bounds of one', () => {
  const storage = new FakeStorage()
  const few = store(storage, { count: 2, size: 10_000 })
  few.set('anna/1', { at: 1, text: '' })
  for (const at of [2, 3, 4]) few.set(`ben/${at}`, { at, text: '' })
  expect(few.keys()).toEqual(['ben/4', 'ben/3', 'anna/1'])
  for (const owner of ['c', 'd', 'e', 'f']) for (const at of [5, 6]) few.set(`${owner}/${at}`, { at, text: '' })
  expect(few.keys('anna/'), 'the oldest of all').toEqual([])
  expect(few.keys()).toHaveLength(10)
  expect(storage.items.size).toBe(10)
})

test('one that is larger than all that may be kept lives in memory', () => {
  const storage = new FakeStorage()
  const small = store(storage, { count: 100, size: 100 })
  small.set('a', { at: 1, text: 'x'.repeat(1000) })
  expect(small.get('a')?.text).toHaveLength(1000)
  expect(storage.items.size).toBe(0)
})

test.each([
  ['blocked', (storage: FakeStorage) => (storage.blocked = true)],
  ['full', (storage: FakeStorage) => (storage.full = true)],
])('where storage is %s, entries live as long as the page', (_how, spoil) => {
  const storage = new FakeStorage()
  spoil(storage)
  const kept = store(storage)
  kept.set('a', { at: 1, text: 'x' })
  expect(kept.get('a')?.text).toBe('x')
})

test('an old text does not come back in place of one that found no room', () => {
  const storage = new FakeStorage()
  const kept = store(storage)
  kept.set('a', { at: 1, text: 'old' })
  storage.full = true
  kept.set('a', { at: 2, text: 'new' })
  storage.full = false
  expect(store(storage).get('a')).toBeUndefined()
})

test('what another window changed is read again, and what cannot be read is as if it were not there', () => {
  const storage = new FakeStorage()
  const [one, other] = [store(storage), store(storage)]
  other.set('a', { at: 1, text: 'x' })
  one.heard('p:a')
  expect(one.get('a')?.text).toBe('x')
  storage.items.set('p:b', '{')
  one.heard('p:b')
  one.heard('q:c')
  one.heard(null)
  expect(one.keys()).toEqual(['a'])
})
