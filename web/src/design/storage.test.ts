import { expect, test } from 'vitest'
import { keptIn } from './storage'

function fake(broken: { read?: boolean; write?: boolean } = {}): Storage {
  const items = new Map<string, string>()
  const refuse = () => {
    throw new DOMException('no', 'SecurityError')
  }
  return {
    getItem: (key: string) => (broken.read ? refuse() : (items.get(key) ?? null)),
    setItem: (key: string, value: string) => (broken.write ? refuse() : void items.set(key, value)),
    removeItem: (key: string) => (broken.write ? refuse() : void items.delete(key)),
  } as unknown as Storage
}

const denied = () => {
  throw new DOMException('no', 'SecurityError')
}

test.each([
  ['a storage that works', () => fake()],
  ['one that cannot be had', denied],
  ['one that cannot be read', () => fake({ read: true, write: true })],
])('%s keeps what it is given for as long as the page is there', (_name, open) => {
  let storage: Storage | undefined
  const kept = keptIn(() => (storage ??= open()))
  expect(kept.get('a')).toBeNull()
  kept.set('a', '1')
  expect(kept.get('a')).toBe('1')
  kept.remove('a')
  expect(kept.get('a')).toBeNull()
})

test('what no longer fits is the newest all the same', () => {
  const broken = { write: false }
  const kept = keptIn(((storage: Storage) => () => storage)(fake(broken)))
  kept.set('a', 'old')
  broken.write = true
  kept.set('a', 'new')
  expect(kept.get('a')).toBe('new')
})
