import { expect, test } from 'vitest'
import { ticket } from './api'
import { action, notice, type Seat, shows, sit } from './desk'
import { picture } from './picture'

const tooWide = () => document.documentElement.scrollWidth > window.innerWidth
const panel = ({ page }: Seat) => page.getByRole('dialog', { name: 'Snooze' })
const chip = ({ page }: Seat) => page.locator('.conversation-pane .chip.asleep')

// B:R2
test('one puts a conversation aside: it is in no list but one, others see it sleep, and it is woken', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Put aside')
  const [ben, mara] = [await sit('Ben Okafor'), await sit('Mara Lindqvist')]
  await mara.open(made)
  await ben.open(made, 'Mine')
  await action(ben, 'Snooze').click()
  await panel(ben).getByRole('button', { name: 'In an hour' }).waitFor()
  await picture(ben.page, 'snooze')
  await panel(ben).getByRole('button', { name: 'In an hour' }).click()
  await shows(chip(ben), /Asleep until \d/)
  await ben.row(made).waitFor({ state: 'detached' })
  await shows(chip(mara), /Asleep until \d/)
  await mara.row(made).waitFor({ state: 'detached' })
  await ben.open(made, 'Snoozed')
  await shows(ben.row(made), 'Asleep until')
  await picture(ben.page, 'snoozed')
  await action(ben, 'Wake').click()
  await Promise.all([ben, mara].map((seat) => chip(seat).waitFor({ state: 'detached' })))
  await ben.row(made).waitFor({ state: 'detached' })
  await ben.view('Mine')
  await ben.row(made).waitFor()
})

// B:R2
test('320 px wide: tomorrow, or until they write, which can be undone at once', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Slept in')
  const ben = await sit('Ben Okafor', { viewport: { width: 320, height: 640 } })
  await ben.row(made).getByRole('link').click()
  await action(ben, 'Snooze').click()
  const box = (await panel(ben).boundingBox())!
  expect(box.x).toBeGreaterThanOrEqual(0)
  expect(box.x + box.width).toBeLessThanOrEqual(320)
  expect(await ben.page.evaluate(tooWide)).toBe(false)
  await picture(ben.page, 'snooze-narrow')
  await panel(ben).getByRole('button', { name: 'Tomorrow 9:00' }).click()
  await shows(chip(ben), /9:00/)
  await notice(ben, 'Put aside.').getByRole('button', { name: 'Undo' }).click()
  await chip(ben).waitFor({ state: 'detached' })
  await action(ben, 'Snooze').click()
  await panel(ben).getByRole('button', { name: 'Until they write' }).click()
  await shows(chip(ben), 'Asleep until they write')
})
