import { test } from 'vitest'
import { as, claim, leave, takeOver, ticket } from './api'
import { notice, owner, shows, sit } from './desk'
import { program } from './here'
import { openProxy } from './proxy'

// B:L1
test('who leaves puts it up for grabs: one claims from the notice, and it goes away for all', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Left alone')
  const [anna, mara] = [await sit('Anna Berg'), await sit('Mara Lindqvist')]
  await Promise.all([anna, mara].map((seat) => seat.view('All open')))
  await Promise.all([anna, mara].map((seat) => seat.row(made).waitFor()))
  const ben = await sit('Ben Okafor')
  await ben.open(made, 'Mine')
  await ben.page.keyboard.press('Alt+l')
  await notice(mara, made.subject).waitFor()
  await notice(anna, made.subject).getByRole('button', { name: 'Claim' }).click()
  await anna.page.getByRole('heading', { level: 2, name: made.subject, exact: true }).waitFor()
  await shows(owner(anna), 'You own it')
  await Promise.all([anna, mara].map((seat) => notice(seat, made.subject).waitFor({ state: 'detached' })))
  await shows(owner(ben), 'Anna Berg')
})

// B:K1
test('who is taken over is told at once by whom', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Taken away')
  const ben = await sit('Ben Okafor')
  await ben.view('Mine')
  await ben.row(made).waitFor()
  await takeOver(await as('demo manager@demo.test'), made)
  await notice(ben, `Mara Lindqvist took over ${made.subject}`).waitFor()
  await ben.row(made).waitFor({ state: 'detached' })
})

// B:L1
test('a notice whose conversation was claimed during a loss is gone afterwards', async () => {
  const proxy = await openProxy(program())
  const made = await ticket({ member: 'Ben Okafor' }, 'Gone meanwhile')
  const anna = await sit('Anna Berg', { through: proxy.origin })
  await anna.view('Mine')
  await leave(await as('demo agent2@demo.test'), made)
  await notice(anna, made.subject).waitFor()
  proxy.cut()
  await anna.page.getByRole('alert').filter({ hasText: 'Connection lost' }).waitFor()
  await claim(await as('demo manager@demo.test'), made)
  proxy.mend()
  await notice(anna, made.subject).waitFor({ state: 'detached' })
  await proxy.close()
})
