import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Config } from '../config'
import { type Account, account, forgetAccount, keepAccount, whyOver } from './account'
import { freshToken, type Renewing } from './fresh'
import { Over } from './over'
import { pageNamed, safeReturn } from './pages'

const config = {} as Config
const kept: Account = { id: 'a', name: 'Mo', token: 't1', renewedAt: 0, expiresAt: 3_600_000, renewal: 'r1', issuer: null }

/** A browser's storage, and windows that share it. */
function world(now: number, renew: (kept: Account) => Promise<Account> = async (old) => ({ ...old, token: 't2', renewedAt: now, expiresAt: now + 3_600_000 })) {
  let line: Promise<unknown> = Promise.resolve()
  const renewals = vi.fn((_config: Config, old: Account) => renew(old))
  const made: Renewing = {
    now: () => now, renew: renewals,
    alone: (work) => {
      const mine = line.then(work)
      line = mine.catch(() => {})
      return mine
    },
  }
  return { made, renewals }
}

beforeEach(() => {
  const map = new Map<string, string>()
  vi.stubGlobal('localStorage', { getItem: (key: string) => map.get(key) ?? null, setItem: (key: string, value: string) => map.set(key, value), removeItem: (key: string) => map.delete(key) })
  vi.stubGlobal('window', { location: { origin: 'https://desk.example' } })
  keepAccount(kept)
})

describe('the token of the account', () => {
  test('is the same while it holds', async () => {
    const { made, renewals } = world(1_000_000)
    expect(await freshToken(config, 'a', undefined, made)).toBe('t1')
    expect(renewals).not.toHaveBeenCalled()
  })
  test('does not have every request wait for a provider that hangs', async () => {
    let now = 3_590_000
    const { made, renewals } = world(0, async () => Promise.reject(new Error('away')))
    made.now = () => now
    for (const _request of ['first', 'second', 'third']) expect(await freshToken(config, 'a', undefined, made)).toBe('t1')
    expect(await Promise.all([freshToken(config, 'a', undefined, made), freshToken(config, 'a', undefined, made)])).toEqual(['t1', 't1'])
    expect(renewals).toHaveBeenCalledTimes(1)
    await expect(freshToken(config, 'a', 't1', made), 'a token that was refused').rejects.toThrow('away')
    now = 3_599_999
    await freshToken(config, 'a', undefined, made)
    expect(renewals).toHaveBeenCalledTimes(2)
    now = 3_600_001
    await expect(freshToken(config, 'a', undefined, made), 'a token that is over').rejects.toThrow('away')
  })
  test('is renewed once for all windows that want one', async () => {
    const { made, renewals } = world(3_590_000)
    expect(await Promise.all([1, 2, 3].map(() => freshToken(config, 'a', undefined, made)))).toEqual(['t2', 't2', 't2'])
    expect(renewals).toHaveBeenCalledTimes(1)
  })
  test('is renewed when the server refused it, however long it would hold', async () => {
    const { made } = world(1_000_000)
    expect(await freshToken(config, 'a', 't1', made)).toBe('t2')
  })
  test('is not renewed when it was refused right after it was new: it is refused for another reason', async () => {
    const { made, renewals } = world(10_000)
    expect(await freshToken(config, 'a', 't1', made)).toBe('t1')
    expect(renewals).not.toHaveBeenCalled()
  })
  test('stays while the provider is away and it still holds', async () => {
    const { made } = world(3_590_000, () => Promise.reject(new TypeError('network')))
    expect(await freshToken(config, 'a', undefined, made)).toBe('t1')
    expect(account()).not.toBeNull()
  })
  test('is missing while the provider is away and it is over, and nobody is signed out for that', async () => {
    const { made } = world(3_700_000, () => Promise.reject(new TypeError('network')))
    await expect(freshToken(config, 'a', undefined, made)).rejects.toThrow('network')
    expect(account()).not.toBeNull()
  })
  test('ends for all windows when the provider renews it no more', async () => {
    const { made } = world(3_590_000, () => Promise.reject(new Over('It is over.')))
    await expect(freshToken(config, 'a', undefined, made)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: 'It is over.' })
    expect([account(), whyOver()]).toEqual([null, 'It is over.'])
    await expect(freshToken(config, 'a', undefined, made), 'a window that asks next').rejects.toMatchObject({ message: 'It is over.' })
  })
  test('does not come back to life after a sign-out', async () => {
    const { made } = world(3_590_000, async (old) => (forgetAccount(null), { ...old, token: 't2' }))
    await expect(freshToken(config, 'a', undefined, made)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(account()).toBeNull()
  })
  test('is nobody else’s', async () => {
    keepAccount({ ...kept, id: 'b', token: 'of somebody else' })
    await expect(freshToken(config, 'a', undefined, world(0).made)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(account()?.id).toBe('b')
  })
  test('without a renewal is used to its end', async () => {
    keepAccount({ ...kept, renewal: null })
    expect(await freshToken(config, 'a', undefined, world(3_590_000).made)).toBe('t1')
    await expect(freshToken(config, 'a', undefined, world(3_600_001).made)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('where to go on', () => {
  test.each(['/', '/#/all/x', '/wall?teams=a#b', '/playground#query=x'])('%s is a page of ours', (to) => expect(safeReturn(to)).toBe(to))
  test.each([
    'https://evil.example/', '//evil.example/', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', 'data:text/html,x', '/wall/../../x', '/graphql', '/signed-in?code=x',
    'https://desk.example@evil.example/', 'https://desk.example.evil.example/', '/%2f%2fevil.example', 'http://desk.example/', '/\t/evil.example', null, undefined, '',
  ])('%s is not', (to) => expect(safeReturn(to)).toBe('/'))
  test.each([['wall', '/wall'], ['board', '/'], ['https://evil.example', '/'], ['__proto__', '/'], ['constructor', '/'], [null, '/']])('a link for %s opens %s', (name, page) => {
    expect(pageNamed(name)).toBe(page)
  })
})
