import { beforeEach, expect, test, vi } from 'vitest'
import { type Account, account, keepAccount } from './account'
import { enterByLink } from './link'

const asked: { path: string; secret: string }[] = []
const kept = new Map<string, string>()
let full = false

beforeEach(() => {
  asked.length = 0
  kept.clear()
  full = false
  const setItem = (key: string, value: string) => {
    if (full) throw new Error('QuotaExceededError')
    kept.set(key, value)
  }
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem, removeItem: (key: string) => kept.delete(key) })
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    asked.push({ path, ...(JSON.parse(body) as { secret: string }) })
    return Response.json({ token: 't', expiresIn: 3600, renewal: 'r2', name: 'Ann', workspace: 'Acme' })
  })
})

const before = (issuer: string | null): Account => ({ id: 'x', name: 'Mo', token: 'old', renewedAt: 0, expiresAt: 1, renewal: 'r1', issuer })

test('a link signs in, and ends the sign-in by a link that was there', async () => {
  keepAccount(before(null))
  await enterByLink('secret')
  expect(account()).toMatchObject({ name: 'Ann', renewal: 'r2', issuer: null })
  expect(asked).toEqual([{ path: '/login/begin', secret: 'secret' }, { path: '/login/end', secret: 'r1' }])
  expect([...kept.keys()], 'no trace of the trial').toEqual(['switchboard:account'])
})

test.each([['nobody', null], ['a provider’s', before('https://id.example')]])('a link ends no other sign-in: %s', async (_name, was) => {
  if (was) keepAccount(was)
  await enterByLink('secret')
  expect(asked.map(({ path }) => path)).toEqual(['/login/begin'])
})

test('where nothing can be kept the link is not used up', async () => {
  full = true
  await expect(enterByLink('secret')).rejects.toThrow('the link was not used')
  expect(asked).toEqual([])
})
