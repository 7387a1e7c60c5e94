import { expect, test } from 'vitest'
import { as, claim, takeOver, ticket } from './api'
import { action, notice, owner, type Seat, shows, sit } from './desk'
import { program } from './here'
import { openProxy } from './proxy'

// B:A4
test('two people claim the same conversation: one wins, and the other is told who', async () => {
  const made = await ticket({ team: 'Support' }, 'Claimed by two')
  const anna = await sit('Anna Berg')
  const ben = await sit('Ben Okafor')
  await Promise.all([anna.open(made), ben.open(made)])
  // One may be told before the other has clicked: the button is gone then, and a click on it does nothing.
  const awake = ({ page }: Seat) => page.locator(':not([data-resting])') // a press right after a change does nothing
  const buttons = await Promise.all([anna, ben].map((seat) => action(seat, 'Claim').and(awake(seat)).elementHandle()))
  await Promise.all(buttons.map((button) => button?.evaluate((it: HTMLElement) => it.click())))
  const won = await Promise.race([anna, ben].map(async (seat) => (await shows(owner(seat), 'You own it'), seat)))
  const [lost, winner] = won === anna ? [ben, 'Anna Berg'] : [anna, 'Ben Okafor']
  await shows(owner(lost), winner)
  await action(lost, 'Take over').waitFor()
})

// B:A4, B:K4
test.each([
  ['claims', 'Claim', { team: 'Support' }, claim],
  ['takes over', 'Take over', { member: 'Samira Haddad' }, takeOver],
] as const)('who %s what looks as it was is told who was first', async (_what, button, to, act) => {
  const proxy = await openProxy(program())
  const made = await ticket(to, 'Seen too late')
  const ben = await sit('Ben Okafor', { through: proxy.origin })
  await ben.open(made)
  await action(ben, button).waitFor()
  proxy.hold()
  await act(await as('demo agent1@demo.test'), made)
  await action(ben, button).click()
  await notice(ben, 'Anna Berg was first and owns it now.').waitFor()
  await shows(owner(ben), 'Anna Berg')
  proxy.release()
  await action(ben, 'Take over').waitFor()
  expect(await owner(ben).textContent()).toContain('Anna Berg')
  await proxy.close()
})
