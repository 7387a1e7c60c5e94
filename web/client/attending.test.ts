import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Attending } from './attending'

let said: (string | null)[] = []
const connection = {
  execute: (_: unknown, { input }: { input: { kind: string | null; internal: boolean } }) => {
    said.push(input.internal ? `${input.kind} note` : input.kind)
    return Promise.reject(new Error('away'))
  },
} as never

beforeEach(() => {
  said = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

test('one statement for each change, and one every few seconds, however many keys are pressed', () => {
  const attending = new Attending(connection, 'c')
  expect(said).toEqual(['VIEWING'])
  for (let key = 0; key < 100; key++) {
    attending.typed()
    vi.advanceTimersByTime(100)
  }
  expect(said).toEqual(['VIEWING', ...Array<string>(6).fill('TYPING')])
  said = []
  vi.advanceTimersByTime(3000)
  expect(said.at(-1)).toBe('DRAFTING')
  attending.typed(true)
  expect(said.at(-1)).toBe('TYPING note')
  attending.drafts(false)
  expect(said.at(-1)).toBe('VIEWING')
  said = []
  vi.advanceTimersByTime(20_000)
  expect(said).toEqual(['VIEWING', 'VIEWING', 'VIEWING', 'VIEWING'])
  attending.close()
  expect(said.at(-1)).toBeNull()
  said = []
  vi.advanceTimersByTime(60_000)
  expect(said).toEqual([])
})

test('a page in the background shows nothing, and a contact only that it types', () => {
  const page = new Attending(connection, 'c')
  page.shows(false)
  page.shows(true)
  page.close()
  expect(said).toEqual(['VIEWING', null, 'VIEWING', null])
  said = []
  const contact = new Attending(connection, 'c', { typingOnly: true })
  contact.drafts(true)
  expect(said).toEqual([])
  contact.typed()
  vi.advanceTimersByTime(10_000)
  expect(said).toEqual(['TYPING', 'TYPING', null])
  contact.close()
  expect(said).toEqual(['TYPING', 'TYPING', null])
})
