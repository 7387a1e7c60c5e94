import { expect, test } from 'vitest'
import { as, claim, leave, say, takeOver, ticket } from './api'
import { owner, shows, sit } from './desk'
import { program } from './here'
import { openProxy } from './proxy'

const AWAY = 10_000
const CHANGES = 50

// B:V3, B:V4
test('cut off for 10 s with 50 changes meanwhile: right again without a reload', async () => {
  const proxy = await openProxy(program())
  const [anna, ben] = [await as('demo agent1@demo.test'), await as('demo agent2@demo.test')]
  const taken = await ticket({ member: 'Anna Berg' }, 'Taken meanwhile')
  const open = await ticket({ member: 'Anna Berg' }, 'Open meanwhile')
  const free = await ticket({ team: 'Support' }, 'Claimed meanwhile')
  const seat = await sit('Anna Berg', { through: proxy.origin })
  await seat.open(open, 'Mine')
  await seat.row(taken).waitFor()
  await say(anna, open, 'Said before')
  await shows(seat.page.locator('.message'), 'Said before')
  await shows(seat.row(open), 'Said before')
  await seat.page.evaluate(() => Object.assign(window, { notReloaded: true }))

  const cut = Date.now()
  proxy.cut()
  await seat.page.getByRole('alert').filter({ hasText: 'Connection lost' }).waitFor()
  await takeOver(ben, taken)
  await claim(anna, free)
  await say(anna, open, 'Said meanwhile')
  for (let change = 3; change < CHANGES; change++) await (change % 2 ? leave(anna, free) : claim(anna, free))
  await claim(anna, free)
  const requests: string[] = []
  seat.page.on('request', (request) => requests.push(request.postData() ?? ''))
  await expect.poll(() => Date.now() - cut, { timeout: AWAY + 5000, interval: 100 }).toBeGreaterThanOrEqual(AWAY)
  proxy.mend()

  await seat.page.getByRole('status').filter({ hasText: 'Nothing was missed' }).waitFor()
  await seat.row(free).waitFor()
  await seat.row(taken).waitFor({ state: 'detached' })
  await shows(seat.page.locator('.message'), 'Said meanwhile')
  await shows(owner(seat), 'You own it')
  expect(await seat.page.evaluate(() => 'notReloaded' in window)).toBe(true)
  expect(requests.filter((body) => /query (Conversations|Conversation)\b/.test(body)), 'nothing was fetched again').toEqual([])

  const { conversations } = await anna.ask(`{ conversations(first: 50, view: { list: MINE, statuses: [OPEN, UNSET] }) { nodes { subject } } }`)
  const wanted = conversations.nodes.map(({ subject }: { subject: string }) => subject)
  await expect.poll(() => seat.page.locator('.list-row:not([data-leaving]) .list-row-subject').allTextContents(), { timeout: 40_000 }).toEqual(wanted)
  await proxy.close()
})
