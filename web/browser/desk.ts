import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, expect, inject } from 'vitest'
import { as, countOf, labelOf, type Made } from './api'
import { program } from './here'

/** Somebody in front of the board. */
export interface Seat {
  page: Page
  context: BrowserContext
  /** The row of a conversation in the list. */
  row: (made: Made) => Locator
  /** Chooses a view by its name. */
  view: (name: string) => Promise<void>
  /** Chooses a view and opens a conversation of it. */
  open: (made: Made, view?: string) => Promise<void>
}

interface SeatOptions extends BrowserContextOptions {
  /** Where the page is fetched from, when it is not the program itself. */
  through?: string
}

let browser: Browser | undefined
const contexts: BrowserContext[] = []
const faults: string[] = []

/** Hosts beside the program's that pages may ask: a provider's, while a test has one. */
export const alsoAllowed = new Set<string>()

/** Opens a browser of one's own on the board, with a demo person signed in. */
export async function sit(name: string, { through = program(), ...options }: SeatOptions = {}): Promise<Seat> {
  const { context, page } = await visit(through, '/', { as: name, until: listening, ...options })
  await page.locator('.list-pane h1').waitFor()
  const row = ({ subject }: Made) => page.locator('.list-row:not([data-leaving])', { hasText: subject })
  const view = async (label: string) => {
    await page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${label}`) }).click()
    await page.getByRole('heading', { level: 1, name: label }).waitFor()
  }
  const open = async (made: Made, label = 'All open') => {
    await view(label)
    await row(made).getByRole('link').click()
    await page.getByRole('heading', { level: 2, name: made.subject, exact: true }).waitFor()
  }
  return { page, context, row, view, open }
}

/** When the board tells what comes: its first list says what was there before, and it has asked for what is new. */
async function listening(page: Page): Promise<void> {
  const asked = new Promise<void>((resolve) =>
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => void (String(payload).includes('subscription Notifications') && resolve()))),
  )
  const answered = await page.waitForResponse((response) => /NotificationList.*"first":50\b/s.test(response.request().postData() ?? ''))
  await Promise.all([answered.finished(), asked])
}

/** Opens a page in a context of its own, with a demo person signed in if one is named. Whatever it does that no page may fails the test. */
export async function visit(
  origin: string,
  path: string,
  { as, until, ...options }: BrowserContextOptions & { as?: string; until?: (page: Page) => Promise<void> } = {},
) {
  browser ??= await chromium.connect(inject('browser'))
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(40_000)
  contexts.push(context)
  watch(context, origin)
  const page = await context.newPage()
  if (as) await page.addInitScript(signedIn, await labelOf(as))
  await Promise.all([until?.(page), page.goto(origin + path)])
  return { context, page }
}

/** Leaves in a window what a sign-in leaves there, once: who signs out stays so. Only the tests of signing in need the page for it. */
function signedIn(label: string) {
  try {
    if (sessionStorage.getItem('seated')) return
    sessionStorage.setItem('seated', 'yes')
    sessionStorage.setItem('switchboard:session', JSON.stringify({ token: '', label }))
  } catch {
    // a page without storage, such as about:blank
  }
}

function watch(context: BrowserContext, origin: string) {
  const { host } = new URL(origin)
  context.on('request', (request) => {
    const { protocol, host: asked } = new URL(request.url())
    if (asked !== host && !alsoAllowed.has(asked) && protocol !== 'data:' && protocol !== 'blob:') faults.push(`a request to another host: ${request.url()}`)
  })
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text())
  })
  context.on('weberror', (error) => faults.push(`an uncaught error: ${error.error().stack ?? error.error().message}`))
  context.on('page', (page) =>
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== host) faults.push(`a socket to another host: ${socket.url()}`)
    }),
  )
}

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()))
  expect(faults.splice(0), 'what no page may do').toEqual([])
})

afterAll(async () => {
  await browser?.close()
  browser = undefined
})

/** A button of the open conversation. */
export const action = ({ page }: Seat, name: string) => page.getByRole('group', { name: 'What can be done' }).getByRole('button', { name, exact: true })

/**
 * Clicks twice on what is at a place, before any timer of the page: a machine that is slow would take longer between two clicks of a
 * test than the 400 ms for which presses rest.
 */
export async function clickTwice(locator: Locator) {
  await locator.click({ trial: true })
  await locator.evaluate(async (element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    const at = { bubbles: true, cancelable: true, clientX: left + width / 2, clientY: top + height / 2 }
    for (const detail of [1, 2]) {
      const under = document.elementFromPoint(at.clientX, at.clientY)!
      under.dispatchEvent(new PointerEvent('pointerdown', at))
      for (const type of ['mousedown', 'mouseup', 'click']) under.dispatchEvent(new MouseEvent(type, { ...at, detail }))
      for (let turn = 0; turn < 10; turn++) await Promise.resolve() // what the click changed is drawn by then
    }
  })
}

/** Who owns the open conversation, as the page says. */
export const owner = ({ page }: Seat) => page.getByTestId('owner')

/** A notice in the corner. */
export const notice = ({ page }: Seat, text: string | RegExp) => page.getByRole('region', { name: 'Notices' }).getByRole('listitem').filter({ hasText: text })

/** Waits until a locator's text is so. */
export async function shows(locator: Locator, text: string | RegExp): Promise<void> {
  await locator.filter({ hasText: text }).waitFor()
}

/**
 * Waits until the figure beside a view is the server's, which is no less than what the test made. What other tests left may count as
 * well, and change meanwhile: no figure is held against a number.
 */
export async function counts({ page }: Seat, name: string, label: string, list: string, least: number): Promise<void> {
  const figure = page.getByRole('link', { name: new RegExp(`^${label}`) }).locator('.count')
  const person = await as(await labelOf(name))
  const right = async () => {
    const there = await countOf(person, { list })
    return there >= least && Number(await figure.textContent()) === there
  }
  await expect.poll(right, { message: `${label}, as ${name} sees it` }).toBe(true)
}
