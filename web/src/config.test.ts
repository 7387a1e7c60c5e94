import { afterEach, expect, test, vi } from 'vitest'
import { loadConfig } from './config'

afterEach(() => vi.unstubAllGlobals())

test('shows what a server says that does not answer to this name', async () => {
  vi.stubGlobal('fetch', async () => new Response('Name the host with --allow-host.', { status: 421 }))
  await expect(loadConfig()).rejects.toThrow('Name the host with --allow-host.')
})

test('says what else went wrong', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 502 }))
  await expect(loadConfig()).rejects.toThrow('answered 502')
})
