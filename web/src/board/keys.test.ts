import { expect, test } from 'vitest'
import { commandOf, KEYS, SEEN } from './keys'

test('no key means two things', () => {
  const keys = Object.values(KEYS).flatMap(({ keys: of }) => [...of])
  expect(new Set(keys).size).toBe(keys.length)
  for (const [command, { keys: of }] of Object.entries(KEYS)) for (const key of of) expect(commandOf(key)).toBe(command)
})

test('what others see needs a modifier', () => {
  for (const command of SEEN) for (const key of KEYS[command].keys) expect(key).toMatch(/^(Alt|Ctrl)\+/)
})

test('no letter that can be typed does what others see', () => {
  for (let code = 32; code < 127; code++) expect([...SEEN]).not.toContain(commandOf(String.fromCharCode(code)))
})
