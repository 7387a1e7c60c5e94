import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { as, close, type Made, memberId, offer, snooze, ticket } from './api'
import { faults } from './axe'
import { notice, sit, visit } from './desk'
import { ownWord, program } from './here'
import { flaws } from './layout'
import { picture } from './picture'
import { noReasons, reason } from './reasons'
import { arrive, askForPerson } from './visitor'
import { hang } from './wallboard'

const WIDTHS = [1440, 1280, 1024, 768, 360]
const LONG = 'A subject that says at length what could have been said in a few words, and then goes on'

beforeAll(async () => {
  const olivia = await as('demo owner@demo.test')
  for (const usage of ['DECLINE', 'CLOSE', 'TAKEOVER', 'TRANSFER'] as const) {
    for (const name of ['Short', 'One that is long enough to need two lines in a narrow dialog of the board']) await reason(olivia, usage, `${name} ${ownWord()}`)
  }
})
afterAll(noReasons)

/** A screen, as it is made. Each begins with a browser of its own. */
interface Screen {
  /** The page of web/ that it is. */
  page: string
  open: () => Promise<Page>
}

/** A conversation that is open in front of somebody, at the address, so that a narrow screen shows it too. */
async function opened(who: string, made: Made, then: (page: Page) => Promise<unknown> = () => Promise.resolve()): Promise<Page> {
  const { page } = await sit(who)
  await page.goto(`${program()}/#/mine/${encodeURIComponent(made.id)}`)
  await page.getByRole('heading', { level: 2, name: made.subject, exact: true }).waitFor()
  await then(page)
  return page
}
async function listed(who: string, view: string, then: (page: Page) => Promise<unknown> = () => Promise.resolve()): Promise<Page> {
  const seat = await sit(who)
  await seat.view(view)
  await seat.page.locator('.list-row').first().waitFor()
  await then(seat.page)
  return seat.page
}
const press = (key: string, dialog: string) => async (page: Page) => {
  await page.locator('.conversation-pane h2').focus()
  await page.keyboard.press(key)
  await page.getByRole('dialog', { name: dialog }).waitFor()
}
const choosing = async (page: Page) => {
  for (const row of [0, 1]) await page.locator('.list-row:not([data-leaving]) a').nth(row).click({ modifiers: ['Control'] })
  await page.getByRole('region', { name: 'Many at once' }).waitFor()
}
const ofBen = (about = LONG) => ticket({ member: 'Ben Okafor' }, about)
const ben = () => as('demo agent2@demo.test')

const SCREENS: Record<string, Screen> = {
  'sign-in': { page: 'index.html', open: async () => (await visit(program(), '/')).page },
  'a list': { page: 'index.html', open: () => listed('Mara Lindqvist', 'All open') },
  'one’s own conversation': { page: 'index.html', open: async () => opened('Ben Okafor', await ofBen()) },
  'a colleague’s': { page: 'index.html', open: async () => opened('Mara Lindqvist', await ofBen()) },
  'watched unseen': { page: 'index.html', open: async () => opened('Oskar Vance', await ofBen()) },
  'nobody’s': { page: 'index.html', open: async () => opened('Mara Lindqvist', await ticket({ team: 'Support' }, LONG)) },
  closed: {
    page: 'index.html',
    open: async () => {
      const made = await ofBen()
      await close(await as('demo owner@demo.test'), made)
      return opened('Ben Okafor', made)
    },
  },
  asleep: {
    page: 'index.html',
    open: async () => {
      const made = await ofBen()
      await snooze(await ben(), made, 3 * 86_400)
      return opened('Ben Okafor', made)
    },
  },
  'a colleague’s that sleeps': {
    page: 'index.html',
    open: async () => {
      const made = await ofBen()
      await snooze(await ben(), made, 3 * 86_400)
      return opened('Mara Lindqvist', made)
    },
  },
  offered: {
    page: 'index.html',
    open: async () => {
      const made = await ofBen()
      await offer(await ben(), made, await memberId('Anna Berg'), LONG)
      return opened('Ben Okafor', made)
    },
  },
  'offered to one, who declines': {
    page: 'index.html',
    open: async () => {
      const made = await ofBen()
      await offer(await ben(), made, await memberId('Anna Berg'), LONG)
      return opened('Anna Berg', made, (page) => page.getByRole('region', { name: 'Offer', exact: true }).getByRole('button', { name: 'Decline' }).click())
    },
  },
  'an offer in a notice, which is declined': {
    page: 'index.html',
    open: async () => {
      const made = await ofBen()
      const anna = await sit('Anna Berg')
      await offer(await ben(), made, await memberId('Anna Berg'), LONG)
      await notice(anna, made.subject).getByRole('button', { name: 'Decline' }).click()
      return anna.page
    },
  },
  'the list of offers': {
    page: 'index.html',
    open: async () => {
      await offer(await ben(), await ofBen(), await memberId('Anna Berg'), LONG)
      return listed('Anna Berg', 'Offered to me')
    },
  },
  'the list of sleepers': {
    page: 'index.html',
    open: async () => {
      await snooze(await ben(), await ofBen(), 3 * 86_400)
      return listed('Ben Okafor', 'Snoozed')
    },
  },
  'the assign panel': { page: 'index.html', open: async () => opened('Mara Lindqvist', await ticket({ member: 'Mara Lindqvist' }, LONG), press('Alt+a', 'Assign to')) },
  'the transfer panel': { page: 'index.html', open: async () => opened('Ben Okafor', await ofBen(), press('Alt+t', 'Transfer to')) },
  'the panel of sleep': { page: 'index.html', open: async () => opened('Ben Okafor', await ofBen(), press('Alt+z', 'Snooze')) },
  'the question why': { page: 'index.html', open: async () => opened('Ben Okafor', await ofBen(), press('Alt+w', 'Close: why')) },
  'the palette': { page: 'index.html', open: async () => opened('Ben Okafor', await ofBen(), press('Control+k', 'What can be done')) },
  shortcuts: { page: 'index.html', open: async () => opened('Ben Okafor', await ofBen(), press('?', 'Keyboard shortcuts')) },
  notices: {
    page: 'index.html',
    open: async () => {
      const { page } = await sit('Anna Berg')
      await page.getByRole('button', { name: /^Notices/ }).click()
      return page
    },
  },
  'many chosen, and foreseen': {
    page: 'index.html',
    open: () =>
      listed('Mara Lindqvist', 'All open', async (page) => {
        await choosing(page)
        const bar = page.getByRole('region', { name: 'Many at once' })
        await bar.getByLabel('Whom').selectOption({ label: 'Billing' })
        await bar.getByRole('button', { name: 'Preview' }).click()
        await bar.getByRole('status', { name: 'Preview' }).getByRole('listitem').first().waitFor()
      }),
  },
  'the end of a shift': {
    page: 'index.html',
    open: async () => {
      await ofBen()
      return listed('Ben Okafor', 'Mine', (page) => page.getByRole('button', { name: 'My shift ends' }).click())
    },
  },
  'the wall': { page: 'wall.html', open: async () => (await hang()).page },
  'the wall, set up': {
    page: 'wall.html',
    open: async () => {
      const { page } = await hang()
      await page.getByRole('button', { name: 'Set up' }).click()
      return page
    },
  },
  'the start of a chat': { page: 'chat.html', open: async () => (await visit(program(), '/chat')).page },
  'a chat': {
    page: 'chat.html',
    open: async () => {
      const visitor = await arrive(LONG)
      await askForPerson(visitor)
      return visitor.page
    },
  },
  'the way back from signing in': { page: 'signed-in.html', open: async () => (await visit(program(), '/signed-in')).page },
  'the webhooks': { page: 'webhooks.html', open: async () => (await visit(program(), '/webhooks', { as: 'Olivia Ohm' })).page },
}

// The editor of the playground is not ours to lay out.
test('every page has a screen', () => {
  const pages = readdirSync(join(import.meta.dirname, '..')).filter((name) => name.endsWith('.html') && name !== 'playground.html')
  expect([...new Set(Object.values(SCREENS).map(({ page }) => page))].sort()).toEqual(pages.sort())
})

test.each(Object.entries(SCREENS))('nothing is cut, lies over another thing or sticks out, and headers have one line where there is room: %s', async (name, { open }) => {
  const page = await open()
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' }) // a page that still loads has none
  const found: Record<string, string[]> = {}
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const unreadable = await faults(page)
    if (unreadable.length > 0) found[`to read, ${colorScheme}`] = unreadable
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 500 ? 740 : 900 })
    const wrong = await flaws(page)
    if (wrong.length > 0) found[width] = wrong
    await picture(page, `layout-${name.replaceAll(/\W+/g, '-')}-${width}`)
  }
  expect(found).toEqual({})
})
