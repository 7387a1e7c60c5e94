import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { faults } from './axe'
import { alsoAllowed, shows, visit } from './desk'
import { picture } from './picture'
import { serve } from './program'
import { CLIENT, openProvider } from './provider'

type Program = Awaited<ReturnType<typeof serve>>

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A program whose people sign in at a provider of the tests. */
async function installation(options: { idTokenTTL?: number } = {}) {
  const port = await freePort()
  const provider = await openProvider(() => `http://127.0.0.1:${port}`, options)
  alsoAllowed.add(new URL(provider.issuer).host)
  const program = await serve(['--demo', '--memory', '--oidc-issuer', provider.issuer, '--oidc-client-id', CLIENT], port)
  await vi.waitFor(async () => expect((await (await fetch(`${program.url}/config.json`)).json()).oidc.endpoints).toBeTruthy(), { timeout: 40_000 })
  return { provider, program, origin: `http://127.0.0.1:${port}` }
}

async function signIn(page: Page, who: string) {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: who }).click()
}

const board = (page: Page) => page.locator('.list-pane h1').waitFor()
const why = (page: Page) => page.getByRole('alert')

describe('at a provider', () => {
  let desk: Awaited<ReturnType<typeof installation>>
  beforeAll(async () => void (desk = await installation()))
  afterAll(async () => {
    desk?.program.stop()
    await desk?.provider.close()
  })
  afterEach(() => desk.provider.down(false))

  test.each(['/#/all', '/wall', '/playground'])('one signs in on %s and comes back there', async (path) => {
    const { page } = await visit(desk.origin, path)
    if (path !== '/playground') expect(await faults(page)).toEqual([])
    await signIn(page, 'manager@demo.test')
    await page.waitForURL(desk.origin + path)
    await page.locator('.list-pane h1, .wall-member, .graphiql-container').first().waitFor()
  })

  test('one session is for all windows, and its end too; no token is in an address or a log', async () => {
    const { page, context } = await visit(desk.origin, '/', { colorScheme: 'dark' })
    const addresses: string[] = []
    context.on('request', (request) => addresses.push(request.url()))
    await picture(page, 'sign-in-provider')
    await signIn(page, 'manager@demo.test')
    await board(page)
    const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('switchboard:account')!))
    const wall = await context.newPage()
    await wall.goto(`${desk.origin}/wall`)
    await wall.locator('.wall-member').first().waitFor()
    await page.reload()
    await board(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await wall.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    // The provider asks whether it, too, is to forget.
    await page.getByRole('button', { name: 'Sign out here, too' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(await faults(page)).toEqual([])
    for (const secret of [kept.token, kept.renewal]) expect(addresses.filter((address) => address.includes(secret))).toEqual([])
    expect(addresses.filter((address) => /eyJ/.test(address))).toEqual([])
  })

  test('the page that people come back to says what is so when it is opened by hand', async () => {
    const { page } = await visit(desk.origin, '/signed-in')
    await page.getByRole('heading', { name: 'No sign-in was begun' }).waitFor()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await signIn(page, 'manager@demo.test')
    await board(page)
    await page.goto(`${desk.origin}/signed-in`)
    await page.getByRole('heading', { name: 'You are signed in as' }).waitFor()
    expect(await faults(page)).toEqual([])
  })

  test('who cancels, is not a member, or comes with a foreign answer, is told so', async () => {
    const { page } = await visit(desk.origin, '/')
    await signIn(page, 'cancel')
    await shows(why(page), 'cancelled')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to the sign-in' }).click()
    await signIn(page, 'stranger@demo.test')
    await shows(why(page), 'no such member')
    expect(await page.evaluate(() => localStorage.getItem('switchboard:account'))).toBeNull()

    await page.goto(`${desk.origin}/signed-in?code=stolen&state=made-up&iss=${desk.provider.issuer}`)
    await shows(why(page), 'was not begun in this window')
    expect(page.url()).toBe(`${desk.origin}/signed-in`)
  })

  test('an answer is used once, and only with its own nonce and state', async () => {
    const { page } = await visit(desk.origin, '/')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: 'manager@demo.test' }).waitFor()
    const answered = page.waitForRequest((request) => request.url().startsWith(`${desk.origin}/signed-in?`))
    await page.getByRole('link', { name: 'manager@demo.test' }).click()
    const address = (await answered).url()
    await board(page)
    await page.goto(address)
    await shows(why(page), 'was not begun in this window, or it was used already')

  })

  test('an answer with the nonce of another sign-in is not used', async () => {
    const { page } = await visit(desk.origin, '/')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: 'manager@demo.test' }).waitFor()
    const provided = page.url()
    await page.goto(`${desk.origin}/wall`)
    await page.evaluate(() => {
      for (const key of Object.keys(sessionStorage)) {
        if (!key.startsWith('switchboard:signing-in:')) continue
        sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)!), nonce: 'another', returnTo: 'https://evil.example/' }))
      }
    })
    await page.goto(provided)
    await page.getByRole('link', { name: 'manager@demo.test' }).click()
    await shows(why(page), 'does not belong to this sign-in')
    expect(await page.evaluate(() => localStorage.getItem('switchboard:account'))).toBeNull()
  })

  test('a provider that is away is said, and tried again', async () => {
    const { page } = await visit(desk.origin, '/')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: 'manager@demo.test' }).waitFor()
    await page.route(`${desk.provider.issuer}/token`, (route) => route.abort())
    await page.getByRole('link', { name: 'manager@demo.test' }).click()
    await shows(why(page), 'could not be reached')
  })

  test('a clock of this computer that is wrong by hours keeps nobody out', async () => {
    const { page } = await visit(desk.origin, '/')
    await page.clock.install({ time: new Date(Date.now() + 5 * 3_600_000) })
    await page.reload()
    await signIn(page, 'manager@demo.test')
    await board(page)
  })
})

describe('a sign-in that is old', () => {
  let desk: Awaited<ReturnType<typeof installation>>
  beforeAll(async () => void (desk = await installation({ idTokenTTL: 8 })))
  afterAll(async () => {
    desk?.program.stop()
    await desk?.provider.close()
  })

  test('is renewed by one window for all, and ends with words when the provider refuses', { timeout: 300_000 }, async () => {
    const { page, context } = await visit(desk.origin, '/')
    await signIn(page, 'manager@demo.test')
    await board(page)
    const other = await context.newPage()
    await other.goto(`${desk.origin}/wall`)
    await other.locator('.wall-member').first().waitFor()
    const before = desk.provider.grants.length
    const first = await page.evaluate(() => JSON.parse(localStorage.getItem('switchboard:account')!).token)
    // The server allows 30 s for clocks: after that the socket is closed with 4403, and comes back with a new token.
    await expect.poll(() => desk.provider.grants.slice(before).filter((grant) => grant === 'refresh_token').length, { timeout: 60_000 }).toBeGreaterThan(0)
    await expect.poll(() => page.evaluate(() => JSON.parse(localStorage.getItem('switchboard:account')!).token)).not.toBe(first)
    await other.getByRole('status').filter({ hasText: 'Live' }).waitFor()

    desk.provider.refuseRenewal()
    for (const window of [page, other]) await why(window).filter({ hasText: 'is over. Sign in again.' }).waitFor({ timeout: 120_000 })
  })
})

describe('by a login link', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-link-'))
  let program: Program
  const binary = join(import.meta.dirname, '..', '..', 'bin', 'switchboard')
  const link = (who: string, ...flags: string[]) =>
    execFileSync(binary, ['login-link', '--workspace', 'demo', '--as', who, '--data', folder, '--url', program.url, ...flags], { encoding: 'utf8' }).trim()

  beforeAll(async () => void (program = await serve(['--demo', '--data', folder])))
  afterAll(async () => {
    await program?.stop() // it writes until it has ended
    rmSync(folder, { recursive: true, force: true })
  })

  test('one is signed in once, in every window, and a wall stays', async () => {
    const address = link('observer@demo.test', '--page', 'wall')
    const { page, context } = await visit(program.url, '/')
    const addresses: string[] = []
    context.on('request', (request) => addresses.push(request.url()))
    await page.goto('about:blank')
    await page.goto(address)
    await page.getByRole('heading', { name: 'Sign in as Oskar Vance?' }).waitFor()
    expect(page.url(), 'the secret left the address').toBe(`${program.url}/signed-in`)
    expect(await faults(page)).toEqual([])
    await picture(page, 'sign-in-link')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${program.url}/wall`)
    await page.locator('.wall-member').first().waitFor()
    const secret = new URLSearchParams(new URL(address).hash.slice(1)).get('link')!
    expect(addresses.filter((asked) => asked.includes(secret)), 'no request has it in its address').toEqual([])

    const thief = await visit(program.url, '/')
    await thief.page.goto('about:blank')
    await thief.page.goto(address)
    await thief.page.getByRole('button', { name: 'Sign in' }).click()
    await shows(why(thief.page), 'was used before')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Wallboard' }).waitFor()
  })
})
