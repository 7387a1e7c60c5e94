import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { as, type Made, ticket } from './api'
import { sit } from './desk'

const SECONDS = 8
const A_SECOND = 100
const WORKERS = 12

/** Counts the frames that a page draws until the result is called. */
const frames = async (page: Page) => {
  await page.evaluate(() => {
    const seen = { count: 0, longest: 0, last: performance.now(), begun: performance.now() }
    Object.assign(window, { seen })
    const frame = (now: number) => {
      seen.count++
      seen.longest = Math.max(seen.longest, now - seen.last)
      seen.last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  return () =>
    page.evaluate(() => {
      const { count, longest, begun } = (window as unknown as { seen: { count: number; longest: number; begun: number } }).seen
      return { perSecond: Math.round((count * 1000) / (performance.now() - begun)), longest: Math.round(longest) }
    })
}

/** Counts the seconds of a core that a page's own thread works, as its browser counts, until the result is called. */
async function work(page: Page): Promise<() => Promise<number>> {
  const debug = await page.context().newCDPSession(page)
  await debug.send('Performance.enable')
  const seconds = async () => (await debug.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
  const before = await seconds()
  return async () => (await seconds()) - before
}

test('100 committed changes a second: frames a second and the share of a core are printed', async () => {
  const mara = await sit('Mara Lindqvist', { reducedMotion: 'no-preference' })
  await mara.view('All open')
  const boss = await as('demo owner@demo.test')
  const made: Made[] = []
  for (let index = 0; index < 40; index++) made.push(await ticket({ team: 'Support' }, 'In a flood'))
  await mara.row(made.at(-1)!).waitFor()
  const worked = await work(mara.page)
  const begun = Date.now()
  const read = await frames(mara.page)
  let sent = 0
  await Promise.all(
    Array.from({ length: WORKERS }, async (_, worker) => {
      for (let round = 0; Date.now() - begun < SECONDS * 1000; round++) {
        const due = begun + ((sent * 1000) / A_SECOND)
        sent++
        if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()))
        await boss.ask(`mutation($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code message } } }`, {
          input: { conversationId: made[(worker * 7 + round) % made.length]!.id, body: `Drop ${worker}/${round}`, internal: true },
        })
      }
    }),
  )
  const took = (Date.now() - begun) / 1000
  const { perSecond, longest } = await read()
  const share = Math.round((await worked()) * (100 / took))
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0]
  console.log(`flood: ${Math.round(sent / took)} changes a second for ${Math.round(took)} s: ${perSecond} frames a second, longest ${longest} ms, ${share} % of a core (load of the machine ${load})`)
  // What is shown in the end is so, however it came.
  const { conversations } = await boss.ask(`{ conversations(first: 1, view: { statuses: [OPEN, UNSET] }) { nodes { subject } } }`)
  await expect.poll(() => mara.page.locator('.list-row:not([data-leaving]) .list-row-subject').first().textContent()).toBe(conversations.nodes[0].subject)
})

test('10,000 rows scroll: only what is seen is drawn, and the time of a frame is printed', async () => {
  const mara = await sit('Mara Lindqvist')
  const { page } = mara
  // The rows of the demo, many times over: what the server sends for a page, with a page behind it.
  let served = 0
  await page.route('**/graphql', async (route) => {
    const body = route.request().postDataJSON() as { query: string }
    if (!/query Conversations\b/.test(body.query)) return route.continue()
    const answer = await route.fetch()
    const json = (await answer.json()) as { data: { conversations: { nodes: { id: string; lastActivityAt: string }[]; pageInfo: { hasNextPage: boolean } } } }
    const { nodes, pageInfo } = json.data.conversations
    const [row] = nodes
    if (row && served === 0) {
      json.data.conversations.nodes = Array.from({ length: 10_000 }, (_, index) => ({ ...row, id: `${row.id}${index}`, lastActivityAt: new Date(Date.parse(row.lastActivityAt) - index * 1000).toISOString() }))
      pageInfo.hasNextPage = false
      served++
    }
    await route.fulfill({ response: answer, json })
  })
  await mara.view('All open')
  await expect.poll(() => page.locator('.rows').evaluate((rows) => rows.scrollHeight)).toBeGreaterThan(400_000)
  expect(await page.locator('.list-row').count()).toBeLessThan(80)
  const read = await frames(page)
  for (let turn = 1; turn <= 40; turn++) await page.locator('.rows').evaluate((rows, to) => void (rows.scrollTop = to), turn * 9000)
  const { perSecond, longest } = await read()
  console.log(`10,000 rows: ${perSecond} frames a second while they scroll, longest ${longest} ms`)
  await expect.poll(() => page.locator('.list-row').first().getAttribute('data-index').then(Number)).toBeGreaterThan(3000)
  await page.locator('.rows').evaluate((rows) => void (rows.scrollTop = 0))
  // A click on a row that was drawn under the pointer a moment ago does nothing.
  await expect.poll(async () => {
    await page.locator('.list-row[data-index="0"] a').click()
    return page.locator('.list-row[data-index="0"] [aria-current]').count()
  }).toBe(1)
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[data-index]')?.getAttribute('data-index'))).toBe('1')
  expect(await page.locator('.list-row').count()).toBeLessThan(80)
})
