import { expect, test } from 'vitest'
import { as, close, say, seen, ticket } from './api'
import { action, clickTwice, shows, sit, visit } from './desk'
import { LATENCIES, loseAnswers, slow } from './latency'
import { ownWord, program } from './here'
import { arrive, chatsOf, type Visitor } from './visitor'

const field = ({ page }: Visitor) => page.getByRole('textbox', { name: 'Message' })

const ofVisitor = (said: string[], texts: string[]) => said.filter((text) => texts.includes(text))

test.each(LATENCIES)('a visitor types on while a message is sent, and both arrive whole, with %d ms of latency', async (latency) => {
  const vera = await arrive('Where is my invoice?')
  await slow(vera.page, latency)
  await field(vera).click()
  await vera.page.keyboard.type('FIRST message')
  await vera.page.keyboard.press('Enter')
  await vera.page.keyboard.type('SECOND message typed at once')
  await shows(vera.said, 'FIRST message')
  expect(await field(vera).inputValue()).toBe('SECOND message typed at once')
  await vera.page.keyboard.press('Enter')
  await shows(vera.said, 'SECOND message')
  const [chat] = await chatsOf(vera.name)
  const texts = ['FIRST message', 'SECOND message typed at once']
  await expect.poll(async () => ofVisitor((await seen(chat!)).said, texts)).toEqual(texts)
})

test('what a visitor typed outlives a hint, a reload and the chat itself', async () => {
  const vera = await arrive('Where is my invoice?')
  await field(vera).fill('Half a question')
  await vera.page.getByRole('button', { name: 'Where is my parcel?' }).click()
  await shows(vera.said.filter({ hasText: 'You' }), 'Where is my parcel?')
  expect(await field(vera).inputValue(), 'a hint').toBe('Half a question')
  await vera.page.reload()
  await expect.poll(() => field(vera).inputValue(), { message: 'reload' }).toBe('Half a question')
  await vera.page.getByRole('button', { name: 'New chat' }).click()
  expect(await vera.page.getByLabel('Your message').inputValue(), 'a new chat').toBe('Half a question')
  await vera.page.getByLabel('Your name').fill('Vera')
  await vera.page.reload()
  expect(await vera.page.getByLabel('Your message').inputValue(), 'the form').toBe('Half a question')
  expect(await vera.page.getByLabel('Your name').inputValue()).toBe('Vera')
})

test('a double click on a hint says it once', async () => {
  const vera = await arrive('Where is my invoice?')
  await clickTwice(vera.page.getByRole('button', { name: 'Where is my parcel?' }))
  await shows(vera.said.filter({ hasText: 'You' }), 'Where is my parcel?')
  const [chat] = await chatsOf(vera.name)
  await vera.write('And this') // texts arrive in order: another one would be before it
  await expect.poll(async () => (await seen(chat!)).said).toContain('And this')
  expect(ofVisitor((await seen(chat!)).said, ['Where is my parcel?'])).toHaveLength(1)
})

test('a lost answer and another try make one message and one chat', async () => {
  const name = `Vera ${ownWord()}`
  const { page } = await visit(program(), '/chat')
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Your message').fill('Start me once')
  const start = await loseAnswers(page, 'startLivechat', 1)
  await page.getByRole('button', { name: 'Start the chat' }).click()
  await page.getByRole('alert').filter({ hasText: 'could not be reached' }).waitFor()
  expect(start.lost()).toBe(1)
  await page.getByRole('button', { name: 'Start the chat' }).click()
  await page.locator('.said.theirs').first().waitFor()
  const chats = await chatsOf(name)
  expect(chats).toHaveLength(1)

  const lost = await loseAnswers(page, 'mutation Say', 2)
  await page.getByRole('textbox', { name: 'Message' }).fill('Say it once')
  await page.keyboard.press('Enter')
  await expect.poll(lost.lost).toBe(2)
  await page.locator('.outgoing').waitFor({ state: 'detached' })
  expect(ofVisitor((await seen(chats[0]!)).said, ['Say it once'])).toHaveLength(1)
})

test('Enter that would open a closed chat again asks once', async () => {
  const vera = await arrive('Where is my invoice?')
  await field(vera).click()
  await vera.page.keyboard.type('Thank you')
  const [chat] = await chatsOf(vera.name)
  await close(await as('demo owner@demo.test'), chat!)
  await shows(vera.host, 'This chat was closed')
  await vera.page.keyboard.press('Enter')
  await vera.page.getByRole('alert').filter({ hasText: 'closed while you wrote' }).waitFor()
  expect((await seen(chat!)).status).toBe('CLOSED')
  await vera.page.getByRole('button', { name: 'Open again' }).click()
  await shows(vera.said, 'Thank you')
})

test('the Enter that ends a word of an input method sends nothing', async () => {
  const vera = await arrive('Where is my invoice?')
  await field(vera).fill('にほんご')
  for (const key of [{ isComposing: true }, { keyCode: 229 }]) {
    const sent = await field(vera).evaluate((element, init) => element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })), key)
    expect(sent, 'left to the input method').toBe(true)
  }
  expect(await field(vera).inputValue()).toBe('にほんご')
  await vera.page.keyboard.press('Escape')

  const made = await ticket({ member: 'Anna Berg' }, 'An input method')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await anna.page.keyboard.press('Alt+a')
  const search = anna.page.locator('.target-panel').getByRole('combobox')
  await search.fill('ben')
  await shows(anna.page.locator('.target-panel').getByRole('option').first(), 'Ben Okafor')
  await search.evaluate((element) => element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })))
  await search.evaluate((element) => element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true, cancelable: true })))
  expect(await search.inputValue()).toBe('ben')
  expect((await seen(made)).owner).toBe('Anna Berg')
})

test('12,000 characters are said to be too many, and none is cut', async () => {
  const text = 'x'.repeat(12_000)
  const vera = await arrive('Where is my invoice?')
  await field(vera).fill(text)
  await shows(vera.page.locator('.limit'), '2,000 characters too many')
  expect(await field(vera).inputValue()).toHaveLength(12_000)
  await vera.page.keyboard.press('Enter')
  expect(await vera.page.locator('.outgoing').count()).toBe(0)
  expect(await vera.page.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')).toBe('true')

  const made = await ticket({ member: 'Anna Berg' }, 'Too long')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await anna.page.getByRole('textbox', { name: 'Reply' }).fill(text)
  await shows(anna.page.locator('.limit'), '2,000 characters too many')
  expect(await anna.page.getByRole('textbox', { name: 'Reply' }).inputValue()).toHaveLength(12_000)
  await action(anna, 'Transfer').click()
  await anna.page.getByLabel(/Note for whoever gets it/).fill('x'.repeat(2001))
  await shows(anna.page.locator('.target-panel .limit'), '1 character too many')
})

test('texts run as their letters do, and a preview never cuts a letter', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'שאלה על ההזמנה')
  const anna = await as('demo agent1@demo.test')
  const seat = await sit('Anna Berg')
  await say(anna, made, 'مرحبا، أين طلبي؟ (order 12)')
  await seat.open(made, 'Mine')
  const direction = (text: string) => seat.page.locator(text).first().evaluate((element) => getComputedStyle(element).direction)
  expect(await direction('.message .bubble')).toBe('rtl')
  expect(await direction('.conversation-title h2')).toBe('rtl')
  expect(await direction('.list-row[data-id] a[aria-current] .list-row-subject')).toBe('rtl')
  await seat.page.getByRole('textbox', { name: 'Reply' }).fill('שלום')
  expect(await direction('.composer textarea')).toBe('rtl')
  const family = '👨‍👩‍👧‍👦'
  for (let before = 134; before < 140; before++) {
    await say(anna, made, 'a'.repeat(before) + family.repeat(3))
    await expect.poll(() => seat.row(made).locator('.preview').textContent()).toMatch(new RegExp(`^ ?You: a{${before}}(${family})*…?$`, 'u'))
  }
})
