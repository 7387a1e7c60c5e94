import { expect, test } from 'vitest'
import { as, claim, leave, ticket } from './api'
import { faults } from './axe'
import { shows, visit } from './desk'
import { picture } from './picture'
import { hang, hung, of } from './wallboard'

test('a new wall shows the hour before it, and counts nothing twice', async () => {
  const anna = await as('demo agent1@demo.test')
  const made = await ticket({ member: 'Anna Berg' }, 'Before the wall')
  await leave(anna, made)
  await claim(anna, made)
  const wall = await hang()
  await shows(of(wall.changes, made), 'Anna Berg claimed it')
  await shows(of(wall.changes, made, 1), 'Anna Berg left')
  const before = await wall.counted()
  expect(before).toBeGreaterThanOrEqual(3)
  // Where other tests made more changes than a wall asks for, it says from when on it has them all.
  await shows(wall.page.locator('.wall-tempo figcaption p'), /in the last hour|when this wall began to count/)
  await leave(anna, made)
  await shows(of(wall.changes, made), 'Anna Berg left')
  expect(await wall.counted()).toBeLessThanOrEqual(before + 1)
})

test('teams are chosen and ordered, in the address and in this browser', async () => {
  const { page } = await hang()
  const names = () => page.locator('.wall-team h2').allTextContents()
  await page.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set up this wall' })
  expect(await faults(page)).toEqual([])
  await picture(page, 'wall-setup')
  await dialog.getByRole('checkbox', { name: 'Billing' }).uncheck()
  await dialog.getByRole('button', { name: 'Move Support up' }).click()
  await dialog.getByRole('checkbox', { name: 'without a team' }).uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(names).toEqual(['Support', 'Sales'])
  expect(new URL(page.url()).searchParams.get('teams')?.split(',')).toHaveLength(2)

  const { origin } = new URL(page.url())
  await page.goto(`${origin}/wall`)
  await hung(page)
  await expect.poll(names, { message: 'kept without the address' }).toEqual(['Support', 'Sales'])
  const other = await visit(origin, '/wall?noTeam=no', { viewport: { width: 390, height: 800 } })
  await other.page.getByRole('button', { name: 'Oskar Vance' }).click()
  await hung(other.page)
  expect(await other.page.locator('.wall-team h2').allTextContents()).toEqual(['Billing', 'Sales', 'Support'])
  await other.page.getByRole('button', { name: 'Set up' }).click()
  expect(await other.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await picture(other.page, 'wall-setup-narrow')
})

test.each(['light', 'dark'] as const)('waiting long is said by a word and a sign, not by colour alone, %s', async (colorScheme) => {
  await ticket({ team: 'Support' }, 'Waits long')
  const { page } = await hang({ colorScheme })
  await page.goto(`${new URL(page.url()).origin}/wall?soon=1&late=2&many=1`)
  await hung(page)
  const queue = page.getByRole('article', { name: 'Support' }).locator('.wall-queue')
  await shows(queue, /Look after it|Too long/)
  expect(await faults(page)).toEqual([])
  await picture(page, `wall-levels-${colorScheme}`)
})

test('a figure is what was typed, also where it begins with a smaller one or with nothing', async () => {
  const { page } = await hang()
  await page.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set up this wall' })
  const late = dialog.getByRole('spinbutton', { name: 'Too long from' })
  await late.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('20')
  expect(await late.inputValue()).toBe('20')
  const soon = dialog.getByRole('spinbutton', { name: 'minutes' }).first()
  await soon.click()
  await page.keyboard.press('End')
  await page.keyboard.press('Backspace')
  expect(await soon.inputValue(), 'empty for a moment').toBe('')
  await page.keyboard.type('30')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => new URL(page.url()).search).toContain('soon=30')
  expect(new URL(page.url()).searchParams.get('late'), 'never before it is long').toBe('30')
})
