import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faults } from './axe'
import { clickTwice, shows, sit } from './desk'
import { type Calling, calling, happens, hooks, makeEndpoint, makeKey, receive, type Receiver } from './hooks'
import { ownWord } from './here'
import { picture } from './picture'
import { slow } from './latency'

let program: Calling
const receivers: Receiver[] = []

beforeAll(async () => {
  program = await calling()
})
afterAll(async () => {
  await Promise.all(receivers.map(({ close }) => close()))
  await program.stop()
})

async function receiver(): Promise<Receiver> {
  const one = await receive()
  receivers.push(one)
  return one
}

const acts = (page: Page) => page.getByRole('group', { name: 'What can be done' })
const act = (page: Page, name: string) => acts(page).getByRole('button', { name, exact: true })
const deliveries = (page: Page) => page.getByRole('list', { name: 'Deliveries', exact: true }).getByRole('listitem')

// B:V12
test('an owner makes an endpoint by keyboard, corrects what the server refuses, keeps the secret, and sees a delivery come', async () => {
  const [theirs, key, name] = [await receiver(), await makeKey(program), `CRM ${ownWord()}`]
  const page = await hooks(program)
  await page.getByRole('button', { name: 'New endpoint' }).focus()
  await page.waitForTimeout(500) // a press rests after the button came
  await page.keyboard.press('Enter')
  const form = page.getByRole('form', { name: 'New endpoint' })
  await form.waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Tab')
  await page.keyboard.type('http://169.254.169.254/latest')
  await form.getByRole('combobox', { name: 'API key' }).selectOption({ label: `${key.name} (partner)` })
  await form.getByRole('textbox', { name: 'Payload' }).fill('{ nothing }')
  const create = form.getByRole('button', { name: 'Create' })
  await create.click()
  const url = form.getByRole('textbox', { name: 'Address' })
  await expect.poll(() => url.getAttribute('aria-invalid')).toBe('true')
  expect(await faults(page), 'a form with what was refused').toEqual([])
  await url.fill(theirs.url)
  await create.click()
  const payload = form.getByRole('textbox', { name: 'Payload' })
  await expect.poll(() => payload.getAttribute('aria-invalid')).toBe('true')
  expect(await url.getAttribute('aria-invalid')).toBe(null)
  await payload.fill('{ sequence event { kind conversation { id } } }')
  await page.reload()
  expect(await payload.inputValue(), 'kept over a reload').toContain('kind')
  await create.click()

  const dialog = page.getByRole('dialog', { name: `The secret of ${name}` })
  const secret = await dialog.getByRole('textbox', { name: 'Secret' }).inputValue()
  expect(secret).toMatch(/^whsec_/)
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await shows(dialog.getByRole('status'), 'copy it yourself') // the browser has not been asked yet
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await shows(dialog.getByRole('status'), 'Copied')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  expect(await faults(page), 'the secret').toEqual([])
  await picture(page, 'webhook-secret')
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('heading', { level: 2, name }).waitFor()
  expect(await page.content()).not.toContain(secret)

  const id = await happens(program)
  await shows(deliveries(page).first(), /Record \d+.*Delivered.*204/s)
  const sent = theirs.got.find(({ body }) => (body.data['event'] as { conversation?: { id: string } } | null)?.conversation?.id === id)!
  expect(sent.signature).toMatch(/v1,/)
  await act(page, 'Send a test').click()
  await shows(deliveries(page).filter({ hasText: 'Test' }), 'Delivered')
  expect(theirs.got.some(({ body }) => body.type === 'webhook.test')).toBe(true)
  expect(await faults(page), 'an endpoint').toEqual([])
  await picture(page, 'webhook')
})

test('a receiver that fails: each attempt with its answer, and what is sent again has the same id', async () => {
  const theirs = await receiver()
  const made = await makeEndpoint(program, theirs.url, await makeKey(program))
  theirs.answers(500, 'the queue is full')
  const page = await hooks(program, undefined, made.id)
  await happens(program)
  const row = deliveries(page).first()
  await shows(row, /Retrying.*500.*again (in|now)/s)
  await row.locator('summary').click()
  await shows(row.getByRole('table'), 'the queue is full')
  await shows(row, 'Next attempt')
  await expect.poll(() => row.getByRole('row').count(), { message: 'a second attempt, and the row stays open' }).toBeGreaterThanOrEqual(3)
  await picture(page, 'webhook-failing')
  theirs.answers(204)
  const { id } = theirs.got[0]!
  await row.getByRole('button', { name: /^Send again, record/ }).click()
  await shows(page.locator('.hooks-said'), 'is sent again')
  await expect.poll(() => theirs.got.some((one) => one.id === id && one.replay !== null)).toBe(true)
  await shows(deliveries(page).filter({ hasText: 'replay' }), 'Delivered')
  await shows(page.getByRole('list', { name: 'Replays and tests' }).getByRole('listitem').first(), /Record \d+,.*Done/s)
})

test('replay from here: all that follows comes again, with how far it has got', async () => {
  const theirs = await receiver()
  const made = await makeEndpoint(program, theirs.url, await makeKey(program))
  for (let n = 0; n < 25; n++) await happens(program)
  await expect.poll(() => theirs.got.length).toBeGreaterThanOrEqual(25)
  const page = await hooks(program, undefined, made.id)
  await page.getByRole('button', { name: 'Older' }).click()
  await page.getByRole('button', { name: 'Newest' }).waitFor()
  const row = deliveries(page).first()
  await row.locator('summary').click()
  const before = theirs.got.length
  await row.getByRole('button', { name: /^Replay from here, record/ }).click()
  const form = page.getByRole('form', { name: 'Replay from here' })
  const number = form.getByRole('textbox', { name: 'Number' })
  expect(await number.inputValue()).toMatch(/^\d+$/)
  expect(await number.evaluate((field) => field === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  const replays = page.getByRole('list', { name: 'Replays and tests' }).getByRole('listitem')
  await shows(replays.first(), /Records \d+ to \d+,.*Done/s)
  const again = theirs.got.slice(before).filter(({ replay }) => replay !== null)
  expect(again.length).toBeGreaterThanOrEqual(20)
  expect(new Set(again.map(({ replay }) => replay)).size).toBe(1)
  expect(again.every(({ id }) => theirs.got.slice(0, before).some((one) => one.id === id)), 'the ids that they had').toBe(true)

  await number.fill('0')
  await form.getByRole('button', { name: 'Replay from here' }).click()
  await expect.poll(() => number.getAttribute('aria-invalid')).toBe('true')
  await form.getByRole('combobox', { name: 'From' }).selectOption('at')
  await form.getByLabel('Time').fill('2020-01-01T00:00:00')
  await form.getByRole('checkbox', { name: 'Only what was parked' }).check()
  await form.getByRole('button', { name: 'Replay from here' }).click()
  await shows(replays.first(), /only parked,.*Done/s)
})

test('settings are changed, the secret is rotated, it is paused, and it is deleted', async () => {
  const [first, second] = [await receiver(), await receiver()]
  const made = await makeEndpoint(program, first.url, await makeKey(program))
  const page = await hooks(program, undefined, made.id)
  await act(page, 'Edit').click()
  const form = page.getByRole('form', { name: `Settings of ${made.name}` })
  await form.getByRole('textbox', { name: 'Address' }).fill(second.url)
  await form.getByRole('textbox', { name: 'Name' }).fill('')
  const asked = () => page.waitForResponse((response) => response.request().postData()?.includes('query Webhook(') ?? false)
  for (let n = 0; n < 2; n++) await asked()
  expect(await form.getByRole('textbox', { name: 'Address' }).inputValue(), 'what is typed stays while the page asks').toBe(second.url)
  await form.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => form.getByRole('textbox', { name: 'Name' }).getAttribute('aria-invalid')).toBe('true')
  const name = `ERP ${ownWord()}`
  await form.getByRole('textbox', { name: 'Name' }).fill(name)
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 2, name }).waitFor()
  await happens(program)
  await expect.poll(() => second.got.length).toBeGreaterThan(0)
  expect(first.got).toEqual([])

  await act(page, 'Rotate secret').click()
  const rotate = page.getByRole('dialog', { name: `Give ${name} another secret` })
  expect(await rotate.getByRole('combobox', { name: 'Both sign for' }).inputValue()).toBe('86400')
  await rotate.getByRole('button', { name: 'Rotate' }).click()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await shows(page.locator('.hooks-facts div', { hasText: 'Secrets' }), /…\S{4}, …\S{4}/)
  await happens(program)
  await expect.poll(() => second.got.at(-1)?.signature.match(/v1,/g)?.length, { message: 'both sign' }).toBe(2)

  await act(page, 'Pause').click()
  await shows(page.locator('.hooks-name'), 'Paused')
  await act(page, 'Turn on').click()
  await shows(page.locator('.hooks-name'), 'Active')
  await act(page, 'Turn off').click()
  await shows(page.locator('.hooks-name'), 'Off')
  expect(await act(page, 'Send a test').getAttribute('aria-disabled')).toBe('true')
  await act(page, 'Delete').click()
  await page.getByRole('dialog', { name: `Delete ${name}?` }).getByRole('button', { name: 'Delete for good' }).click()
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor()
  await page.getByRole('button', { name: 'New endpoint' }).waitFor()
  await expect.poll(() => page.getByRole('link', { name }).count()).toBe(0)
})

test('on a slow network two presses make one endpoint', async () => {
  const [theirs, key, name] = [await receiver(), await makeKey(program), `Slow ${ownWord()}`]
  const page = await hooks(program, undefined, 'new')
  const form = page.getByRole('form', { name: 'New endpoint' })
  await form.getByRole('textbox', { name: 'Name' }).fill(name)
  await form.getByRole('textbox', { name: 'Address' }).fill(theirs.url)
  await form.getByRole('combobox', { name: 'API key' }).selectOption({ label: `${key.name} (partner)` })
  await slow(page, 400)
  await clickTwice(form.getByRole('button', { name: 'Create' }))
  await page.getByRole('button', { name: 'I have kept it' }).click()
  const { webhooks } = await program.owner.ask('{ webhooks(first: 100) { nodes { name } } }')
  expect(webhooks.nodes.filter((one: { name: string }) => one.name === name)).toHaveLength(1)
})

test('who may not manage API keys sees neither link nor page; the lowest plan says what it leaves out', async () => {
  const links = (page: Page) => page.getByRole('list', { name: 'Other pages' })
  const olivia = await sit('Olivia Ohm', { through: program.origin })
  await links(olivia.page).getByRole('link', { name: 'Webhooks' }).waitFor()
  for (const name of ['Mara Lindqvist', 'Anna Berg']) {
    const seat = await sit(name, { through: program.origin })
    await links(seat.page).getByRole('link', { name: 'Wallboard' }).waitFor()
    expect(await links(seat.page).getByRole('link', { name: 'Webhooks' }).count(), name).toBe(0)
    const page = await hooks(program, name)
    await page.getByText('You may not manage the webhooks').waitFor()
    expect(await page.getByRole('button', { name: 'New endpoint' }).count(), name).toBe(0)
  }
  const small = await hooks(program, 'Olga Petrova')
  await small.locator('.hooks-plan').waitFor()
  await picture(small, 'webhooks-plan')
})

test('360 px wide, light and dark: nothing sticks out', async () => {
  const theirs = await receiver()
  const made = await makeEndpoint(program, `${theirs.url}/${'long'.repeat(40)}`, await makeKey(program))
  theirs.answers(503, 'x'.repeat(256))
  await happens(program)
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await hooks(program, undefined, '', { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme })
    const fits = async (what: string) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(360)
      expect(await faults(page), `${what}, ${colorScheme}`).toEqual([])
      await picture(page, `${what.replaceAll(' ', '-')}-${colorScheme}`)
    }
    await page.getByRole('list', { name: 'Endpoints' }).waitFor()
    await fits('webhooks list narrow')
    await page.getByRole('link', { name: made.name }).click()
    await deliveries(page).first().locator('summary').click()
    await fits('webhooks endpoint narrow')
    await act(page, 'Edit').click()
    await page.getByRole('form', { name: /^Settings/ }).waitFor()
    await fits('webhooks form narrow')
  }
})
