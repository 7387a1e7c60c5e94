import { type Dialog, type Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { as, claim, close, leave, seen, takeOver, ticket } from './api'
import { action, clickTwice, notice, owner, type Seat, shows, sit } from './desk'
import { LATENCIES, loseAnswers, slow } from './latency'
import { program } from './here'

const reply = ({ page }: Seat) => page.getByRole('textbox', { name: 'Reply' })
const type = async (seat: Seat, text: string) => {
  await reply(seat).click()
  await seat.page.keyboard.type(text)
}

/** What closing a window asks: nothing, or whether to leave. */
async function closing(page: Page): Promise<string | null> {
  const asked = new Promise<string | null>((resolve) => {
    page.once('dialog', (dialog: Dialog) => void dialog.accept().then(() => resolve(dialog.type())))
    page.once('close', () => setTimeout(resolve, 0, null))
  })
  await page.close({ runBeforeUnload: true })
  return asked
}

test.each(LATENCIES)('Enter in the assign panel gives it to who was typed, with %d ms of latency', async (latency) => {
  const made = await ticket({ member: 'Mara Lindqvist' }, 'Given by name')
  const mara = await sit('Mara Lindqvist')
  await mara.open(made, 'Mine')
  await slow(mara.page, latency)
  await mara.page.locator('.conversation-pane h2').focus()
  await mara.page.keyboard.press('Alt+a')
  await mara.page.getByRole('dialog', { name: 'Assign to' }).waitFor()
  await mara.page.keyboard.type('samira')
  await mara.page.keyboard.press('Enter')
  await shows(owner(mara), 'Samira Haddad')
  expect((await seen(made)).owner).toBe('Samira Haddad')
})

test.each(LATENCIES)('what is typed while a message is sent stays whole, and both arrive in order, with %d ms of latency', async (latency) => {
  const made = await ticket({ member: 'Anna Berg' }, 'Typed on')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await slow(anna.page, latency)
  await type(anna, 'FIRST message')
  await anna.page.keyboard.press('Control+Enter')
  await anna.page.keyboard.type('SECOND message typed at once')
  expect(await reply(anna).inputValue()).toBe('SECOND message typed at once')
  await shows(anna.page.locator('.message.out'), 'FIRST message')
  expect(await reply(anna).inputValue(), 'after the answer').toBe('SECOND message typed at once')
  await anna.page.keyboard.press('Control+Enter')
  await shows(anna.page.locator('.message.out'), 'SECOND message')
  await anna.page.locator('.outgoing').waitFor({ state: 'detached' })
  expect((await seen(made)).said).toEqual(['FIRST message', 'SECOND message typed at once'])
})

test('a draft outlives every way to leave it, is marked, and is nobody else’s', async () => {
  const [made, other] = [await ticket({ member: 'Anna Berg' }, 'Half written'), await ticket({ member: 'Anna Berg' }, 'Beside it')]
  const anna = await sit('Anna Berg')
  const { page } = anna
  const kept = async (way: string) => expect.poll(() => reply(anna).inputValue(), { message: way }).toBe('Half a sentence')
  await anna.open(made, 'Mine')
  await type(anna, 'Half a sentence')
  await anna.row(other).getByRole('link').click()
  await page.getByRole('heading', { level: 2, name: other.subject, exact: true }).waitFor()
  expect(await reply(anna).inputValue()).toBe('')
  await anna.row(made).getByText('Draft', { exact: true }).waitFor()
  await page.goBack()
  await kept('Back')
  await reply(anna).press('Escape')
  await page.keyboard.press('Escape')
  await page.getByText('Pick a conversation').waitFor()
  await anna.row(made).getByRole('link').click()
  await kept('Esc Esc')
  await page.reload()
  await kept('reload')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Ben Okafor' }).click()
  await page.getByRole('heading', { level: 2, name: made.subject, exact: true }).waitFor()
  expect(await reply(anna).inputValue(), 'Ben').toBe('')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Anna Berg' }).click()
  await kept('sign-in')
  await page.getByRole('button', { name: 'Note', exact: true }).click()
  await page.reload()
  expect(await page.getByRole('textbox', { name: 'Internal note' }).inputValue(), 'a note stays a note').toBe('Half a sentence')
  await page.getByRole('button', { name: 'Unsent (1)' }).click()
  await shows(page.getByRole('dialog', { name: 'Unsent texts' }), 'Internal note')
})

test('a window with unsent text asks before it closes, and no other does', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Closed too soon')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await type(anna, 'x')
  const second = await anna.context.newPage()
  await second.goto(program())
  await second.locator('.people').first().waitFor()
  await second.mouse.click(5, 5)
  expect(await closing(second)).toBeNull()
  expect(await closing(anna.page)).toBe('beforeunload')
})

test('where storage is blocked a draft lives as long as the page', async () => {
  const [made, other] = [await ticket({ member: 'Anna Berg' }, 'Blocked'), await ticket({ member: 'Anna Berg' }, 'Blocked')]
  const anna = await sit('Anna Berg')
  await anna.page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('blocked', 'SecurityError') } }))
  await anna.page.reload()
  await anna.open(made, 'Mine')
  await type(anna, 'Not forgotten')
  await anna.row(other).getByRole('link').click()
  await page(anna, other)
  await anna.row(made).getByRole('link').click()
  await page(anna, made)
  expect(await reply(anna).inputValue()).toBe('Not forgotten')
  await anna.page.keyboard.press('Escape')
})

const page = ({ page: it }: Seat, { subject }: { subject: string }) => it.getByRole('heading', { level: 2, name: subject, exact: true }).waitFor()

test('who loses access can still read and copy what they typed', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Lost with a draft')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await type(anna, 'I was about to say')
  await action(anna, 'Transfer').click()
  const panel = anna.page.getByRole('dialog', { name: 'Transfer to' })
  await panel.getByRole('combobox').fill('chiara')
  await panel.getByRole('option', { name: /Chiara Rossi/ }).click()
  await anna.page.getByRole('alert').filter({ hasText: 'you may no longer read it' }).waitFor()
  const left = anna.page.getByRole('region', { name: 'What you typed here and did not send' })
  expect(await left.getByRole('textbox').inputValue()).toBe('I was about to say')
  await left.getByRole('button', { name: 'Copy' }).click()
  await anna.page.reload()
  expect(await left.getByRole('textbox').inputValue(), 'after a reload').toBe('I was about to say')
})

test('a lost answer and another try make one message, over a reload too', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Sent once')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  const once = await loseAnswers(anna.page, 'mutation SendMessage', 2)
  await type(anna, 'Only once')
  await anna.page.keyboard.press('Control+Enter')
  await expect.poll(once.lost).toBe(2)
  await anna.page.locator('.outgoing').waitFor({ state: 'detached' })
  expect((await seen(made)).said).toEqual(['Only once'])
  await once.mend()

  const all = await loseAnswers(anna.page, 'mutation SendMessage')
  await type(anna, 'Also once')
  await anna.page.keyboard.press('Control+Enter')
  await expect.poll(all.lost).toBeGreaterThan(0)
  await all.mend()
  await anna.page.reload()
  await shows(anna.page.locator('.message.out'), 'Also once')
  await anna.page.locator('.outgoing').waitFor({ state: 'detached' })
  expect((await seen(made)).said).toEqual(['Only once', 'Also once'])
})

test('what was refused comes back into the field, and says why', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Refused')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await type(anna, 'Too late')
  await anna.page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('mutation SendMessage')) await takeOver(await as('demo agent2@demo.test'), made)
    await route.fallback()
  })
  await anna.page.keyboard.press('Control+Enter')
  await notice(anna, 'Ben Okafor').first().waitFor()
  await expect.poll(() => reply(anna).inputValue()).toBe('Too late')
  expect((await seen(made)).said).toEqual([])
})

test.each(LATENCIES)('a press whose meaning changed since the first letter asks once, with %d ms of latency', async (latency) => {
  const made = await ticket({ member: 'Anna Berg' }, 'Changed under the fingers')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await slow(anna.page, latency)
  await type(anna, 'My answer')
  const ben = await as('demo agent2@demo.test')
  await takeOver(ben, made)
  await shows(owner(anna), 'Ben Okafor')
  await anna.page.keyboard.press('Control+Enter')
  await anna.page.getByRole('alert').filter({ hasText: 'Ben Okafor owns this conversation now' }).waitFor()
  expect(await seen(made)).toMatchObject({ owner: 'Ben Okafor', said: [] })
  await anna.page.getByRole('button', { name: 'Takeover & send' }).click()
  await shows(owner(anna), 'You own it')
  await shows(anna.page.locator('.message.out'), 'My answer')

  await type(anna, 'One more thing')
  await close(await as('demo owner@demo.test'), made)
  await anna.page.getByRole('button', { name: 'Reopen & reply' }).waitFor()
  await anna.page.keyboard.press('Control+Enter')
  await anna.page.getByRole('alert').filter({ hasText: 'closed while you wrote' }).waitFor()
  expect((await seen(made)).status).toBe('CLOSED')
})

test('a note that was begun is not sent to the visitor unasked', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Not for visitors')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await anna.page.getByRole('button', { name: 'Note', exact: true }).click()
  await anna.page.keyboard.type('They are difficult')
  await anna.page.getByRole('button', { name: 'Reply', exact: true }).click()
  await anna.page.keyboard.press('Control+Enter')
  await anna.page.getByRole('alert').filter({ hasText: 'began this as a note' }).waitFor()
  expect((await seen(made)).said).toEqual([])
})

test('words typed beside a field change nothing that others see', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Beside a field')
  const anna = await sit('Anna Berg')
  for (const words of ['please', 'close it', 'LEAVE', 'go on', 'take over now', 'c', 'o', 'a', 't', 'l', 'e']) {
    await anna.open(made, 'Mine')
    await anna.page.locator('.conversation-pane h2').focus()
    await anna.page.keyboard.type(words)
    await anna.page.keyboard.press('Enter')
    expect(await anna.page.locator('.target-panel').count(), words).toBe(0)
    await anna.page.keyboard.press('Escape')
  }
  expect(await seen(made)).toEqual({ status: 'OPEN', version: 1, owner: 'Anna Berg', said: [] })
})

test('the palette does what is found by its name, and it can be undone', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Found by name')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  for (const [name, done, back] of [['close', 'CLOSED', 'OPEN']] as const) {
    await anna.page.keyboard.press('Control+k')
    const palette = anna.page.getByRole('dialog', { name: 'What can be done' })
    await palette.waitFor()
    await anna.page.keyboard.type(name)
    await anna.page.keyboard.press('Enter')
    await expect.poll(async () => (await seen(made)).status).toBe(done)
    await notice(anna, 'Closed.').getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await seen(made)).status).toBe(back)
  }
})

test.each(LATENCIES)('double clicks do what one click does, and buttons keep their places, with %d ms of latency', async (latency) => {
  const made = await ticket({ team: 'Support' }, 'Clicked twice')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Unassigned')
  await slow(anna.page, latency)
  const placeOf = async (name: string) => {
    const { x, y, height } = (await action(anna, name).boundingBox())!
    return { x, y: y + height / 2 }
  }
  const apart = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))
  const [transfer, closes] = [await placeOf('Transfer'), await placeOf('Close')]
  await clickTwice(action(anna, 'Claim'))
  await shows(owner(anna), 'You own it')
  expect(apart(await placeOf('Transfer'), transfer), 'Transfer').toBeLessThan(4)
  expect(apart(await placeOf('Close'), closes), 'Close').toBeLessThan(4)
  await clickTwice(action(anna, 'Assign'))
  await anna.page.getByRole('dialog', { name: 'Assign to' }).waitFor()
  await anna.page.keyboard.press('Enter')
  await anna.page.keyboard.press('Enter')
  await anna.page.keyboard.press('Escape')
  await anna.page.getByRole('dialog', { name: 'Assign to' }).waitFor({ state: 'hidden' })
  expect(await seen(made)).toMatchObject({ owner: 'Anna Berg', status: 'OPEN' })
  await clickTwice(action(anna, 'Close'))
  await action(anna, 'Reopen').waitFor()
  expect(apart(await placeOf('Reopen'), closes), 'Reopen').toBeLessThan(4)
  expect((await seen(made)).status).toBe('CLOSED')
})

test('Enter pressed twice on Assign opens the panel and gives it to nobody', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Entered twice')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await action(anna, 'Assign').and(anna.page.locator(':not([data-resting])')).focus()
  await anna.page.keyboard.press('Enter')
  await anna.page.keyboard.press('Enter')
  await anna.page.locator('.target-panel').getByRole('option').first().waitFor()
  await anna.page.keyboard.press('Enter')
  expect((await seen(made)).owner).toBe('Anna Berg')
})

test('Enter in a panel that was opened for another owner asks once', async () => {
  const made = await ticket({ member: 'Mara Lindqvist' }, 'Left meanwhile')
  const mara = await sit('Mara Lindqvist')
  await mara.open(made, 'All open')
  await mara.page.keyboard.press('Alt+a')
  const panel = mara.page.getByRole('dialog', { name: 'Assign to' })
  await panel.waitFor()
  await mara.page.keyboard.type('samira')
  await shows(panel.getByRole('option').first(), 'Samira Haddad')
  await leave(await as('demo manager@demo.test'), made)
  await shows(owner(mara), 'Nobody owns it')
  await mara.page.keyboard.press('Enter')
  await shows(panel.getByRole('alert'), 'Nobody owns this conversation any more')
  expect((await seen(made)).owner).toBeNull()
  await panel.locator('[role=option]:not([data-resting])').first().waitFor()
  await mara.page.keyboard.press('Enter')
  await shows(owner(mara), 'Samira Haddad')
})

test('a status menu that was opened for another owner asks once', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Taken meanwhile')
  const mara = await sit('Mara Lindqvist')
  await mara.open(made)
  const status = mara.page.getByRole('combobox', { name: 'Status' })
  await status.focus()
  await takeOver(await as('demo agent2@demo.test'), made)
  await shows(owner(mara), 'Ben Okafor')
  await status.selectOption('CLOSED')
  const asked = notice(mara, 'Ben Okafor owns this conversation now.')
  await asked.waitFor()
  expect((await seen(made)).status).toBe('OPEN')
  await asked.getByRole('button', { name: 'Set to Closed' }).click()
  await expect.poll(async () => (await seen(made)).status).toBe('CLOSED')
})

test('Enter in the palette does what was marked when it was typed, and not what takes its place', async () => {
  const made = await ticket({ team: 'Support' }, 'Claimed meanwhile')
  const mara = await sit('Mara Lindqvist')
  await mara.open(made, 'Unassigned')
  await mara.page.keyboard.press('Control+k')
  const palette = mara.page.getByRole('dialog', { name: 'What can be done' })
  await palette.waitFor()
  await mara.page.keyboard.type('cl')
  await shows(palette.getByRole('option', { selected: true }), 'Claim')
  await claim(await as('demo agent2@demo.test'), made)
  await shows(palette.getByRole('option', { selected: true }), 'Close')
  await mara.page.keyboard.press('Enter')
  expect(await palette.isVisible(), 'asked').toBe(true) // it goes with the press that does something
  expect((await seen(made)).status, 'asked').toBe('OPEN')
  await mara.page.keyboard.press('Enter')
  await expect.poll(async () => (await seen(made)).status, { message: 'meant' }).toBe('CLOSED')
})

test('a double click discards one text, though the next comes below the pointer', async () => {
  const made = await Promise.all(['First', 'Second', 'Third', 'Fourth', 'Fifth'].map((about) => ticket({ member: 'Anna Berg' }, `${about} draft`)))
  const anna = await sit('Anna Berg', { viewport: { width: 1280, height: 420 } }) // the list scrolls, and keeps its place
  for (const one of made) {
    await anna.open(one, 'Mine')
    await type(anna, 'Half a sentence')
  }
  await anna.page.getByRole('button', { name: 'Unsent' }).click()
  const discards = anna.page.getByRole('dialog', { name: 'Unsent texts' }).getByRole('button', { name: 'Discard' }).and(anna.page.locator(':not([data-resting])'))
  await expect.poll(() => discards.count()).toBe(5)
  await clickTwice(discards.first())
  await expect.poll(() => discards.count()).toBe(4)
})
