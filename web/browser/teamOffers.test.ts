import { afterAll, beforeAll, expect, test } from 'vitest'
import { as, deleteTeam, type Made, offer, seen, ticket, voluntary } from './api'
import { faults } from './axe'
import { action, counts, notice, owner, type Seat, shows, sit } from './desk'
import { ownWord } from './here'
import { FAR, slow } from './latency'
import { picture } from './picture'

const team = { id: '', name: `Volunteers ${ownWord()}` }
beforeAll(async () => void (team.id = await voluntary(team.name, ['Anna Berg', 'Samira Haddad'])))
afterAll(async () => deleteTeam(await as('demo owner@demo.test'), team.id))

const bar = ({ page }: Seat) => page.getByRole('region', { name: 'Offer', exact: true })
const tooWide = () => document.documentElement.scrollWidth > window.innerWidth
const small = { viewport: { width: 360, height: 640 } }

/** Somebody who looks at the list of what is offered, as a narrow screen can as well. */
async function atOffers(name: string, options: object = {}): Promise<Seat> {
  const seat = await sit(name, options)
  await seat.page.goto(`${new URL(seat.page.url()).origin}/#/offered-to-me`)
  await seat.page.getByRole('heading', { level: 1, name: 'Offered to me' }).waitFor()
  return seat
}
const offered = async (about: string): Promise<Made> => {
  const made = await ticket({ member: 'Ben Okafor' }, about)
  await offer(await as('demo agent2@demo.test'), made, { teamId: team.id }, 'Who has time?')
  return made
}

// B:T6
test('a whole team is asked: who accepts has it, and the others and the sender see who that was', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'For any of you')
  const [ben, anna, samira] = [await sit('Ben Okafor'), await atOffers('Anna Berg', small), await atOffers('Samira Haddad')]
  for (const { page } of [ben, anna, samira]) await slow(page, FAR)
  await ben.open(made, 'Mine')
  await action(ben, 'Transfer').click()
  const panel = ben.page.getByRole('dialog', { name: 'Transfer to' })
  await panel.getByLabel('Ask first').check()
  await panel.getByRole('tab', { name: 'Teams' }).click()
  await panel.getByRole('option', { name: new RegExp(team.name) }).click()
  await shows(bar(ben), `You offer it to ${team.name}`)
  await shows(bar(ben).getByRole('timer'), /^\d+:\d\d$/)
  await counts(ben, 'Ben Okafor', 'Offered by me', 'OFFERED_BY_ME', 1)
  await counts(samira, 'Samira Haddad', 'Offered to me', 'OFFERED_TO_ME', 1)
  await shows(ben.row(made), `Offered to ${team.name}`)

  await notice(anna, `Ben Okafor offers your team ${made.subject}`).getByRole('timer').waitFor()
  await shows(anna.row(made), `Offered to ${team.name}`)
  expect(await anna.page.evaluate(tooWide)).toBe(false)
  await picture(anna.page, 'team-offer-narrow')
  await samira.row(made).getByRole('link').click()
  await shows(bar(samira), `Ben Okafor offers it to everybody in ${team.name}.`)
  expect(await faults(samira.page), 'an offer to a team').toEqual([])
  await picture(samira.page, 'team-offer')
  await bar(samira).getByRole('button', { name: 'Accept' }).click()
  await shows(owner(samira), 'You own it')
  await notice(anna, 'Samira Haddad accepted it.').filter({ hasText: made.subject }).waitFor()
  await picture(anna.page, 'team-offer-lost')
  await anna.row(made).waitFor({ state: 'detached' })
  await notice(ben, `Your offer has ended: ${made.subject}`).filter({ hasText: 'Samira Haddad accepted it.' }).waitFor()
  await counts(samira, 'Samira Haddad', 'Offered to me', 'OFFERED_TO_ME', 0)
})

// B:T6
test('of two who accept at once one has it, and the other is told who', async () => {
  const made = await offered('Wanted by two')
  const [anna, samira] = [await atOffers('Anna Berg'), await atOffers('Samira Haddad', small)]
  for (const seat of [anna, samira]) {
    await seat.row(made).getByRole('link').click()
    await bar(seat).getByRole('button', { name: 'Accept' }).and(seat.page.locator(':not([data-resting])')).waitFor()
  }
  for (const { page } of [anna, samira]) await slow(page, FAR)
  // Neither has heard of the other when they press.
  await Promise.all([anna, samira].map((seat) => bar(seat).getByRole('button', { name: 'Accept' }).evaluate((button: HTMLElement) => button.click())))
  await expect.poll(async () => (await seen(made)).owner).toMatch(/Anna Berg|Samira Haddad/)
  const winner = (await seen(made)).owner!
  const [won, lost] = winner === 'Anna Berg' ? [anna, samira] : [samira, anna]
  await shows(owner(won), 'You own it')
  await notice(lost, `Too late: ${winner} accepted it.`).waitFor()
  await Promise.all([anna, samira].map((seat) => bar(seat).waitFor({ state: 'detached' })))
  expect((await seen(made)).owner).toBe(winner)
})

// B:T6
test('the sender takes it back: it is gone for all whom it asked, who see that', async () => {
  const anna = await atOffers('Anna Berg', small)
  const ben = await sit('Ben Okafor', small)
  const made = await offered('Taken back')
  for (const { page } of [anna, ben]) await slow(page, FAR)
  await notice(anna, made.subject).getByRole('button', { name: 'Decline' }).click()
  await anna.page.getByRole('form', { name: 'Decline the offer' }).getByLabel(/^Why/).fill('I am at lun')
  await ben.page.goto(`${new URL(ben.page.url()).origin}/#/offered-by-me`)
  await ben.row(made).getByRole('link').click()
  await bar(ben).getByRole('button', { name: 'Withdraw' }).click()
  await bar(ben).waitFor({ state: 'detached' })
  await notice(anna, 'Ben Okafor took the offer back.').waitFor()
  await anna.row(made).waitFor({ state: 'detached' })
})
