import { expect, test } from 'vitest'
import { as, close, type Made, seen, ticket } from './api'
import { notice, type Seat, shows, sit } from './desk'
import { ownWord } from './here'
import { LATENCIES, loseAnswers, slow } from './latency'
import { picture } from './picture'

const tooWide = () => document.documentElement.scrollWidth > window.innerWidth

// B:G1
test.each(LATENCIES)('many are chosen with Shift and given to a colleague, who is told once (%d ms)', async (latency) => {
  const made = [await ticket({ member: 'Mara Lindqvist' }, 'Many'), await ticket({ member: 'Mara Lindqvist' }, 'Many'), await ticket({ member: 'Mara Lindqvist' }, 'Many')]
  const [mara, anna] = [await sit('Mara Lindqvist'), await sit('Anna Berg')]
  await slow(mara.page, latency)
  await mara.view('Mine')
  await mara.row(made[2]!).waitFor()
  await mara.row(made[2]!).getByRole('link').click({ modifiers: ['Shift'] })
  await mara.row(made[0]!).getByRole('link').click({ modifiers: ['Shift'] })
  const bar = mara.page.getByRole('region', { name: 'Many at once' })
  await bar.getByText('3 chosen').waitFor()
  await bar.getByLabel('Whom').selectOption({ label: 'Anna Berg' })
  await bar.getByRole('button', { name: 'Preview' }).click()
  await bar.getByRole('status', { name: 'Preview' }).getByText('3 to Anna Berg').waitFor()
  for (const one of made) expect(await mara.row(one).count()).toBe(1) // nothing has happened yet
  await bar.getByRole('button', { name: 'Transfer 3' }).click()
  await bar.getByRole('status', { name: 'Done' }).getByText('3 to Anna Berg').waitFor()
  await notice(anna, '3 conversations from Mara Lindqvist').waitFor()
  expect(await notice(anna, 'conversations from Mara').count()).toBe(1)
  await anna.view('Mine')
  for (const one of made) await anna.row(one).waitFor()
})

// B:G1
test('on a narrow screen, one that is chosen with Ctrl', async () => {
  const made = await ticket({ member: 'Mara Lindqvist' }, 'Narrow')
  const mara = await sit('Mara Lindqvist', { viewport: { width: 360, height: 640 } })
  await mara.page.goto(`${new URL(mara.page.url()).origin}/#/mine`)
  await mara.row(made).getByRole('link').click({ modifiers: ['Control'] })
  const bar = mara.page.getByRole('region', { name: 'Many at once' })
  await bar.getByText('1 chosen').waitFor()
  expect(await mara.page.evaluate(tooWide)).toBe(false)
  await bar.getByLabel('What to do').selectOption('close')
  await bar.getByRole('button', { name: 'Preview' }).click()
  await bar.getByText('1 done').waitFor()
  await bar.getByRole('button', { name: 'Close 1' }).click()
  await bar.getByRole('status', { name: 'Done' }).getByRole('listitem').first().waitFor()
  await bar.getByRole('button', { name: 'Choose none' }).click()
  await bar.waitFor({ state: 'detached' })
})

// B:G1
test('a shift ends in one action, with its preview', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Shift')
  const ben = await sit('Ben Okafor')
  await ben.view('Mine')
  await ben.row(made).waitFor()
  await ben.page.getByRole('button', { name: 'My shift ends' }).click()
  const bar = ben.page.getByRole('region', { name: 'Many at once' })
  await bar.getByLabel('Whom').selectOption({ label: 'Billing' })
  await bar.getByRole('button', { name: 'Preview' }).click()
  await bar.getByRole('status', { name: 'Preview' }).getByRole('listitem').first().waitFor()
  await bar.getByRole('button', { name: /^Transfer \d+$/ }).click()
  await bar.getByRole('status', { name: 'Done' }).getByRole('listitem').first().waitFor()
  await ben.row(made).waitFor({ state: 'detached' })
})

const bar = ({ page }: Seat) => page.getByRole('region', { name: 'Many at once' })
const calls = ({ page }: Seat) => {
  const inputs: { dryRun?: boolean; idempotencyKey?: string; selection: unknown }[] = []
  page.on('request', (request) => {
    const text = request.postData()
    if (text?.includes('mutation ActOnConversations(')) inputs.push((JSON.parse(text) as { variables: { input: (typeof inputs)[0] } }).variables.input)
  })
  return () => inputs.filter(({ dryRun }) => !dryRun)
}

// B:G1
test('each refusal is said in words, of its conversation, before and after', async () => {
  const [mine, closed] = [await ticket({ member: 'Mara Lindqvist' }, 'Goes'), await ticket({ member: 'Mara Lindqvist' }, 'Stays')]
  const mara = await sit('Mara Lindqvist')
  await mara.view('Mine')
  for (const one of [mine, closed]) await mara.row(one).getByRole('link').click({ modifiers: ['Control'] })
  await close(await as('demo owner@demo.test'), closed)
  await mara.row(closed).waitFor({ state: 'detached' })
  await bar(mara).getByLabel('Whom').selectOption({ label: 'Anna Berg' })
  await bar(mara).getByRole('button', { name: 'Preview' }).click()
  const refused = bar(mara).getByRole('list', { name: 'Would not be changed' }).getByRole('listitem')
  await shows(refused, closed.subject)
  expect(await refused.textContent()).toMatch(/refused: .*[a-z]{4}/)
  await picture(mara.page, 'many-preview')
  await bar(mara).getByRole('button', { name: 'Transfer 1' }).click()
  await shows(bar(mara).getByRole('status', { name: 'Done' }), '1 to Anna Berg')
  await bar(mara).getByRole('list', { name: 'Not changed' }).getByRole('link', { name: closed.subject }).click()
  await mara.page.getByRole('heading', { level: 2, name: closed.subject, exact: true }).waitFor()
  await picture(mara.page, 'many-done')
})

// B:G1
test('without a mouse: chosen, foreseen and done by keys', async () => {
  const word = ownWord()
  const made = [await ticket({ member: 'Mara Lindqvist' }, word), await ticket({ member: 'Mara Lindqvist' }, word)]
  const mara = await sit('Mara Lindqvist')
  await mara.view('Mine')
  const { page } = mara
  await page.keyboard.press('/')
  await page.keyboard.type(word)
  await expect.poll(() => page.locator('.list-row').count()).toBe(2)
  for (const [move, choose, opened] of [['Escape', 'x', made[1]!], ['ArrowDown', 'X', made[0]!]] as const) {
    await page.keyboard.press(move)
    if (move === 'Escape') await page.keyboard.press('ArrowDown')
    await page.getByRole('heading', { level: 2, name: opened.subject, exact: true }).waitFor()
    await page.keyboard.press(choose)
  }
  await bar(mara).getByText('2 chosen').waitFor()
  await page.keyboard.press('Alt+m')
  await bar(mara).getByLabel('What to do').and(page.locator(':focus')).waitFor()
  await page.keyboard.type('Close')
  await page.keyboard.press('Tab')
  await bar(mara).getByRole('button', { name: 'Preview' }).and(page.locator(':focus:not([data-resting])')).waitFor()
  await page.keyboard.press('Enter')
  await bar(mara).getByRole('button', { name: 'Close 2' }).and(page.locator(':focus:not([data-resting])')).waitFor()
  await page.keyboard.press('Enter')
  await bar(mara).getByRole('status', { name: 'Done' }).getByRole('listitem').first().waitFor()
  for (const one of made) expect((await seen(one)).status).toBe('CLOSED')
  await bar(mara).getByRole('button', { name: 'Choose none' }).focus()
  await page.keyboard.press('Escape')
  await bar(mara).waitFor({ state: 'detached' })
})

// B:G1
test.each([
  ['chosen rows', async (seat: Seat, made: Made[]) => {
    for (const one of made) await seat.row(one).getByRole('link').click({ modifiers: ['Control'] })
    await bar(seat).getByLabel('Whom').selectOption({ label: 'Billing' })
  }],
  ['the end of a shift', async (seat: Seat) => {
    await seat.page.getByRole('button', { name: 'My shift ends' }).click()
    await bar(seat).getByLabel('Whom').selectOption({ label: 'Billing' })
  }],
] as const)('an answer that was lost: the same call with the same key finishes it, and nothing is done twice (%s)', async (_what, choose) => {
  const made = [await ticket({ member: 'Samira Haddad' }, 'Cut'), await ticket({ member: 'Samira Haddad' }, 'Cut')]
  const samira = await sit('Samira Haddad')
  await samira.view('Mine')
  for (const one of made) await samira.row(one).waitFor()
  const sent = calls(samira)
  await choose(samira, made)
  await bar(samira).getByRole('button', { name: 'Preview' }).click()
  const go = bar(samira).getByRole('button', { name: /^Transfer \d/ }).and(samira.page.locator(':not([data-resting])'))
  await go.waitFor()
  const { lost, mend } = await loseAnswers(samira.page, 'mutation ActOnConversations(')
  await go.click()
  await bar(samira).getByRole('alert').waitFor()
  expect(lost()).toBe(1)
  for (const one of made) await samira.row(one).waitFor({ state: 'detached' }) // it was done, and the list shows that meanwhile
  const versions = await Promise.all(made.map(async (one) => (await seen(one)).version))
  await picture(samira.page, 'many-lost')
  await mend()
  await bar(samira).getByRole('button', { name: 'Try again' }).click()
  await bar(samira).getByRole('status', { name: 'Done' }).getByRole('listitem').first().waitFor()
  expect(await bar(samira).getByRole('list', { name: 'Not changed' }).count()).toBe(0)
  const [first, again] = sent()
  expect(again).toEqual(first)
  expect(first!.idempotencyKey).toBeTruthy()
  expect(await Promise.all(made.map(async (one) => (await seen(one)).version))).toEqual(versions)
})
