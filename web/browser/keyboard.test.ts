import { expect, test } from 'vitest'
import { ticket } from './api'
import { action, owner, shows, sit } from './desk'
import { ownWord } from './here'

const focused = 'document.activeElement?.textContent ?? ""'

test('a morning at the desk without a mouse', async () => {
  const word = ownWord()
  const second = await ticket({ team: 'Support' }, word)
  const first = await ticket({ team: 'Support' }, word)
  const anna = await sit('Anna Berg')
  const { page } = anna
  const press = (...keys: string[]) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve())

  await press('2')
  await page.getByRole('heading', { level: 1, name: 'Unassigned' }).waitFor()
  await anna.row(first).waitFor()
  await press('/')
  await page.keyboard.type(word)
  await expect.poll(() => anna.page.locator('.list-row').count(), { timeout: 40_000 }).toBe(2)
  await press('Escape')
  await press('ArrowDown')
  await page.getByRole('heading', { level: 2, name: first.subject, exact: true }).waitFor()
  await press('ArrowDown')
  await page.getByRole('heading', { level: 2, name: second.subject, exact: true }).waitFor()
  expect(await page.evaluate(focused)).toContain(second.subject)

  await action(anna, 'Claim').waitFor()
  await press('Alt+c')
  await shows(owner(anna), 'You own it')
  await press('r')
  await page.keyboard.type('Written without a mouse.')
  await press('Control+Enter')
  await shows(page.locator('.message.out'), 'Written without a mouse.')
  await press('Escape', 'Alt+t')
  await page.getByRole('dialog', { name: 'Transfer to' }).waitFor()
  await page.keyboard.type('ben')
  await shows(page.locator('.target-panel').getByRole('option').first(), 'Ben Okafor')
  await press('Enter')
  await shows(owner(anna), 'Ben Okafor')
  await press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await press('Escape')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'hidden' })
  await press('Escape')
  await page.getByText('Pick a conversation').waitFor()
})

test('every control can be reached with Tab, and shows that it is', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Reached with Tab')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await anna.page.locator('body').click({ position: { x: 700, y: 400 } })
  await anna.page.locator('.conversation-pane h2').focus()
  for (const name of ['Assign', 'Transfer', 'Leave', 'Snooze', 'Close']) {
    await anna.page.keyboard.press('Tab')
    const outline = await anna.page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
    expect([await anna.page.evaluate(focused), outline]).toEqual([name, 'solid'])
  }
})
