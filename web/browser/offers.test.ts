import { expect, test } from 'vitest'
import { as, memberId, offer, ticket } from './api'
import { action, counts, notice, owner, type Seat, shows, sit } from './desk'
import { FAR, slow } from './latency'
import { picture } from './picture'

const bar = ({ page }: Seat) => page.getByRole('region', { name: 'Offer', exact: true })
const tooWide = () => document.documentElement.scrollWidth > window.innerWidth

// B:T6
test('one asks first: the other accepts from the notice, and the sender sees it', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Offered')
  const [ben, anna] = [await sit('Ben Okafor'), await sit('Anna Berg')]
  await ben.open(made, 'Mine')
  await action(ben, 'Transfer').click()
  const panel = ben.page.getByRole('dialog', { name: 'Transfer to' })
  await panel.getByLabel('Note for whoever').fill('She wrote to you before')
  await panel.getByLabel('Ask first').check()
  await panel.getByRole('combobox').fill('anna')
  await panel.getByRole('option', { name: /Anna Berg/ }).click()
  await shows(bar(ben), 'You offer it to Anna Berg')
  await shows(bar(ben).getByRole('timer'), /^\d:\d\d$/)
  await shows(owner(ben), 'You own it')
  await counts(ben, 'Ben Okafor', 'Offered by me', 'OFFERED_BY_ME', 1)
  await counts(anna, 'Anna Berg', 'Offered to me', 'OFFERED_TO_ME', 1)
  await notice(anna, `Ben Okafor offers you ${made.subject}`).getByRole('timer').waitFor()
  await picture(ben.page, 'offer-sender')
  await picture(anna.page, 'offer-notice')
  await notice(anna, made.subject).getByRole('button', { name: 'Accept' }).click()
  await anna.page.getByRole('heading', { level: 2, name: made.subject, exact: true }).waitFor()
  await shows(owner(anna), 'You own it')
  await notice(ben, `Your offer has ended: ${made.subject}`).filter({ hasText: 'Anna Berg accepted it' }).waitFor()
  await shows(owner(ben), 'Anna Berg')
  await bar(ben).waitFor({ state: 'detached' })
})

// B:T6
test('one declines with a reason from the notice, and another in the conversation', async () => {
  const [first, second] = [await ticket({ member: 'Ben Okafor' }, 'Declined'), await ticket({ member: 'Ben Okafor' }, 'Refused')]
  const [ben, anna] = [await sit('Ben Okafor'), await sit('Anna Berg')]
  const [by, to] = [await as('demo agent2@demo.test'), await memberId('Anna Berg')]
  await ben.open(first, 'Mine')
  await offer(by, first, to, '')
  await notice(anna, first.subject).getByRole('button', { name: 'Decline' }).click()
  await notice(anna, first.subject).getByLabel(/^Why/).fill('I am at lunch')
  await picture(anna.page, 'offer-decline')
  await notice(anna, first.subject).getByRole('button', { name: 'Decline it' }).click()
  await notice(anna, first.subject).waitFor({ state: 'detached' })
  await notice(ben, `Your offer has ended: ${first.subject}`).filter({ hasText: 'Anna Berg declined it. I am at lunch' }).waitFor()
  await shows(ben.page.locator('.timeline li').first(), 'I am at lunch')

  await offer(by, second, to, 'Please')
  await anna.open(second, 'Offered to me')
  await shows(bar(anna), 'Ben Okafor offers it to you')
  await shows(bar(anna), 'Please')
  await bar(anna).getByRole('button', { name: 'Decline' }).click()
  await bar(anna).getByLabel(/^Why/).fill('Not mine')
  await bar(anna).getByRole('button', { name: 'Decline it' }).click({ trial: true }) // it rests at first
  await anna.page.keyboard.press('Enter')
  await notice(ben, second.subject).filter({ hasText: 'Anna Berg declined it. Not mine' }).waitFor()
  await anna.row(second).waitFor({ state: 'detached' })
})

// B:T6
test('360 px wide and far away: one accepts in the conversation, and an offer that is taken back is gone', async () => {
  const [first, second] = [await ticket({ member: 'Ben Okafor' }, 'Taken back'), await ticket({ member: 'Ben Okafor' }, 'Accepted')]
  const small = { viewport: { width: 360, height: 640 } }
  const [ben, anna] = [await sit('Ben Okafor', small), await sit('Anna Berg', small)]
  for (const { page } of [ben, anna]) await slow(page, FAR)
  const [by, to] = [await as('demo agent2@demo.test'), await memberId('Anna Berg')]
  await offer(by, first, to, 'Taken back soon')
  await notice(anna, first.subject).getByRole('button', { name: 'Accept' }).waitFor()
  expect(await anna.page.evaluate(tooWide)).toBe(false)
  await picture(anna.page, 'offer-narrow-notice')
  await ben.page.goto(`${new URL(ben.page.url()).origin}/#/offered-by-me`)
  await ben.row(first).getByRole('link').click()
  await bar(ben).getByRole('timer').waitFor()
  expect(await ben.page.evaluate(tooWide)).toBe(false)
  await picture(ben.page, 'offer-narrow-sender')
  await bar(ben).getByRole('button', { name: 'Withdraw' }).click()
  await notice(anna, first.subject).waitFor({ state: 'detached' })
  await bar(ben).waitFor({ state: 'detached' })

  await offer(by, second, to, 'Yours, if you like')
  await notice(anna, second.subject).waitFor()
  await anna.page.goto(`${new URL(anna.page.url()).origin}/#/offered-to-me`)
  await anna.row(second).getByRole('link').click()
  await bar(anna).getByRole('button', { name: 'Decline' }).click()
  await bar(anna).getByLabel(/^Why/).waitFor()
  expect(await anna.page.evaluate(tooWide)).toBe(false)
  expect(await notice(anna, second.subject).count()).toBe(0) // the conversation says it itself
  await picture(anna.page, 'offer-narrow-decline')
  await bar(anna).getByRole('button', { name: 'Accept' }).click()
  await shows(owner(anna), 'You own it')
})
