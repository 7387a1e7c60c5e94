import { expect, test } from 'vitest'
import { ticket } from './api'
import { action, owner, shows, sit } from './desk'

const tooWide = () => document.documentElement.scrollWidth > window.innerWidth

test('320 px wide: everything is there, one thing at a time, and nothing sticks out', async () => {
  const made = await ticket({ team: 'Support' }, 'On a small screen')
  const anna = await sit('Anna Berg', { viewport: { width: 320, height: 640 }, hasTouch: true })
  const { page } = anna
  expect(await page.evaluate(tooWide)).toBe(false)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('link', { name: 'Unassigned' }).click()
  await page.getByRole('heading', { level: 1, name: 'Unassigned' }).waitFor()
  await anna.row(made).getByRole('link').click()
  await page.getByRole('heading', { level: 2, name: made.subject }).waitFor()
  await page.locator('.list-pane').waitFor({ state: 'hidden' })
  expect(await page.evaluate(tooWide)).toBe(false)
  await action(anna, 'Claim').click()
  await shows(owner(anna), 'You own it')
  await action(anna, 'Transfer').click()
  const panel = page.getByRole('dialog', { name: 'Transfer to' })
  await panel.getByRole('option', { name: /Ben Okafor/ }).waitFor()
  const box = (await panel.boundingBox())!
  expect(box.x).toBeGreaterThanOrEqual(0)
  expect(box.x + box.width).toBeLessThanOrEqual(320)
  expect(await page.evaluate(tooWide)).toBe(false)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Details' }).click()
  await page.getByRole('heading', { name: 'History' }).waitFor()
  await page.getByRole('button', { name: 'Details' }).click()
  await page.getByRole('textbox', { name: 'Reply' }).fill('From my phone')
  await page.getByRole('button', { name: 'Send' }).click()
  await shows(page.locator('.message.out'), 'From my phone')
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await page.locator('.list-pane').waitFor()
})
