import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { as, type Made, say, ticket } from './api'
import { type Seat, shows, sit } from './desk'
import { ownWord } from './here'
import { arrive, chatsOf } from './visitor'

const LONG = Array.from({ length: 14 }, (_, line) => `Line ${line} of a long answer`).join('\n')

/** Whether all of an element is inside of another. */
async function inside(element: Locator, scroller: Locator): Promise<boolean> {
  const [inner, outer] = [await element.boundingBox(), await scroller.boundingBox()]
  return inner !== null && outer !== null && inner.y >= outer.y - 1 && inner.y + inner.height <= outer.y + outer.height + 1
}

/** A conversation of Anna's with so many messages of hers and of the visitor. */
async function talkative(about: string, messages: number): Promise<Made> {
  const made = await ticket({ member: 'Anna Berg' }, about)
  const anna = await as('demo agent1@demo.test')
  for (let n = 1; n <= messages; n++) await say(anna, made, `Message ${n} of ${messages}`)
  return made
}

const stream = ({ page }: Seat) => page.locator('.stream')
const message = ({ page }: Seat, text: string) => page.locator('.message', { hasText: text })

test('a long reply hides none of the last words, and the stream follows while one writes it', async () => {
  const made = await talkative('Long reply', 30)
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await message(anna, 'Message 30 of 30').waitFor()
  await anna.page.getByRole('textbox', { name: 'Reply' }).fill(LONG)
  await expect.poll(() => inside(message(anna, 'Message 30 of 30'), stream(anna))).toBe(true)
  await say(await as('demo owner@demo.test'), made, 'Said meanwhile').catch(() => undefined)
  await say(await as('demo agent1@demo.test'), made, 'And this')
  await expect.poll(() => inside(message(anna, 'And this'), stream(anna))).toBe(true)
})

test('who reads further up stays there, sees that something is new, and comes to what they send', async () => {
  const made = await talkative('Read further up', 40)
  const anna = await sit('Anna Berg')
  const mara = await sit('Mara Lindqvist')
  await Promise.all([anna.open(made, 'Mine'), mara.open(made)])
  await message(mara, 'Message 40 of 40').waitFor()
  await stream(mara).hover()
  await mara.page.mouse.wheel(0, -1200)
  await expect.poll(() => inside(message(mara, 'Message 40 of 40'), stream(mara))).toBe(false)
  const top = () => stream(mara).evaluate((element) => element.scrollTop)
  const before = await top()
  await anna.page.getByRole('textbox', { name: 'Reply' }).fill('Are you there?')
  await anna.page.keyboard.press('Control+Enter')
  await mara.page.getByRole('button', { name: '1 new message' }).waitFor()
  expect(Math.abs((await top()) - before)).toBeLessThan(2)
  await mara.page.getByRole('button', { name: '1 new message' }).click()
  await expect.poll(() => inside(message(mara, 'Are you there?'), stream(mara))).toBe(true)
  await mara.page.getByRole('button', { name: /new message/ }).waitFor({ state: 'detached' })

  await stream(anna).hover()
  await anna.page.mouse.wheel(0, -1200)
  await expect.poll(() => inside(message(anna, 'Are you there?'), stream(anna))).toBe(false)
  await anna.page.getByRole('textbox', { name: 'Reply' }).fill('My own words')
  await anna.page.keyboard.press('Control+Enter')
  await expect.poll(() => inside(message(anna, 'My own words'), stream(anna))).toBe(true)
})

test('earlier messages come above what one reads', async () => {
  const made = await talkative('Earlier', 70)
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  const first = message(anna, 'Message 21 of 70')
  await first.waitFor()
  await stream(anna).evaluate((element) => (element.scrollTop = 0))
  const before = (await first.boundingBox())!.y
  await anna.page.getByRole('button', { name: 'Earlier messages' }).click()
  await message(anna, 'Message 1 of 70').waitFor()
  await expect.poll(async () => Math.abs((await first.boundingBox())!.y - before)).toBeLessThan(40)
  expect(await inside(first, stream(anna))).toBe(true)
})

test('rows keep their places below a pointer that is about to click, and come right when it leaves', async () => {
  const [low, high] = [await ticket({ member: 'Ben Okafor' }, 'Below the pointer'), await ticket({ member: 'Ben Okafor' }, 'Below the pointer')]
  const ben = await sit('Ben Okafor')
  await ben.view('Mine')
  await ben.row(high).waitFor()
  const box = (await ben.row(high).boundingBox())!
  const under = () => ben.page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.closest('.list-row')?.textContent ?? '', [box.x + 60, box.y + 20])
  await ben.page.mouse.move(box.x + 50, box.y + 20)
  await ben.page.mouse.move(box.x + 60, box.y + 20)
  await ben.page.mouse.down()
  await say(await as('demo agent2@demo.test'), low, 'Up it goes')
  await shows(ben.row(low), 'Up it goes')
  expect(await under()).toContain(high.subject)
  await ben.page.mouse.up()
  await ben.page.getByRole('heading', { level: 2, name: high.subject, exact: true }).waitFor()
  await ben.page.mouse.move(900, 500)
  await expect.poll(under).toContain(low.subject)
})

test('a click on a page that has just begun opens what it is on', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Clicked early')
  const anna = await sit('Anna Berg')
  // A clock of which a second lasts a quarter of an hour: all of the test is in the first moments of the page.
  await anna.page.addInitScript(() => {
    const now = performance.now.bind(performance)
    performance.now = () => now() / 1000
  })
  await anna.page.reload()
  await anna.open(made, 'Mine')
})

test('a list is where one left it', async () => {
  const word = ownWord()
  const made = await ticket({ team: 'Sales' }, word)
  for (let n = 0; n < 14; n++) await ticket({ team: 'Sales' }, 'Above it')
  const anna = await sit('Mara Lindqvist', { viewport: { width: 1440, height: 500 } })
  await anna.view('Unassigned')
  await anna.row(made).scrollIntoViewIfNeeded()
  const top = () => anna.page.locator('.rows').evaluate((element) => element.scrollTop)
  const before = await top()
  expect(before).toBeGreaterThan(0)
  await anna.page.getByRole('searchbox').fill(word)
  await expect.poll(() => anna.page.locator('.list-row').count()).toBe(1)
  await anna.view('Mine')
  await anna.view('Unassigned')
  expect(await anna.page.getByRole('searchbox').inputValue(), 'the search').toBe(word)
  await anna.page.getByRole('searchbox').fill('')
  await expect.poll(top).toBe(before)
})

test('a visitor who reads further up is told that something is new', async () => {
  const vera = await arrive('Where is my invoice?', { viewport: { width: 390, height: 500 } })
  for (let n = 0; n < 4; n++) await vera.write(`${n} ${'Where is my parcel? '.repeat(12)}`)
  await vera.said.filter({ hasText: '3 Where' }).waitFor()
  const talk = vera.page.locator('.talk')
  const fromEnd = () => talk.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
  await expect.poll(fromEnd).toBeLessThan(2)
  await talk.evaluate((element) => (element.scrollTop = 0))
  const owner = await as('demo owner@demo.test')
  const [chat] = await chatsOf(vera.name)
  await owner.ask(`mutation($input: TakeOverConversationInput!) { takeOverConversation(input: $input) { userErrors { code message } } }`, {
    input: { conversationId: chat!.id, message: 'A person is here.' },
  })
  await vera.page.getByRole('button', { name: /new message/ }).click()
  await expect.poll(fromEnd).toBeLessThan(2)
  await shows(vera.said, 'A person is here.')
})
