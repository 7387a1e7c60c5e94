import { expect, test } from 'vitest'
import { as, claim, leave, ticket } from './api'
import { faults } from './axe'
import { shows } from './desk'
import { program } from './here'
import { openProxy } from './proxy'
import { hang, hung, of } from './wallboard'

// B:V6
test('the wall shows what is done elsewhere, as it is done', async () => {
  const { page, figure, changes, counted } = await hang()
  const support = page.getByRole('article', { name: 'Support' })
  const anna = support.getByRole('listitem').filter({ hasText: 'Anna Berg' })
  const load = async () => Number(/(\d+) of/.exec((await anna.textContent()) ?? '')?.[1])
  const [waiting, had, before] = [Number(await figure('Waiting')), await load(), await counted()]
  const made = await ticket({ team: 'Support' }, 'Seen on the wall')
  await expect.poll(() => figure('Waiting')).toBe(String(waiting + 1))
  await shows(support, 'waiting')
  await claim(await as('demo agent1@demo.test'), made)
  await expect.poll(() => figure('Waiting')).toBe(String(waiting))
  await expect.poll(load).toBe(had + 1)
  await shows(of(changes, made), 'Anna Berg claimed it')
  await expect.poll(counted).toBeGreaterThanOrEqual(before + 2)
})

test('the longest wait runs', async () => {
  const made = await ticket({ team: 'Sales' }, 'Waits')
  const { page } = await hang()
  const queue = page.getByRole('article', { name: 'Sales' }).locator('.wall-queue')
  await shows(queue, /\d:\d\d/)
  const first = await queue.textContent()
  await expect.poll(() => queue.textContent()).not.toBe(first)
  await claim(await as('demo manager@demo.test'), made)
})

// B:V3
test('a reload and a cut connection lose nothing of the hour', async () => {
  const proxy = await openProxy(program())
  const anna = await as('demo agent1@demo.test')
  const made = await ticket({ member: 'Anna Berg' }, 'Never lost')
  const wall = await hang({ through: proxy.origin })
  await leave(anna, made)
  await shows(of(wall.changes, made), 'Anna Berg left')
  const before = await wall.counted()

  await wall.page.goto(`${proxy.origin}/playground`)
  await claim(anna, made)
  await wall.page.goto(`${proxy.origin}/wall`)
  const again = await hung(wall.page)
  await shows(of(again.changes, made), 'Anna Berg claimed it')
  expect(await again.counted()).toBe(before + 1)

  proxy.cut()
  await wall.page.getByRole('alert').filter({ hasText: 'Connection lost' }).waitFor()
  await leave(anna, made)
  proxy.mend()
  await shows(of(again.changes, made), 'Anna Berg left')
  await wall.page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  expect(await again.counted()).toBe(before + 2)
  await proxy.close()
})

test('a team that is removed goes from the wall within a minute, and the rest stays live', async () => {
  const owner = await as('demo owner@demo.test')
  const { createTeam } = await owner.ask(`mutation { createTeam(input: { name: "Pop-up shop" }) { team { id } userErrors { code message } } }`)
  const { page } = await hang()
  await page.clock.install()
  await page.reload()
  await hung(page)
  const team = page.getByRole('article', { name: 'Pop-up shop' })
  await team.waitFor()
  await owner.ask(`mutation($id: ID!) { deleteTeam(input: { id: $id }) { userErrors { code message } } }`, { id: createTeam.team.id })
  await page.clock.fastForward(61_000)
  await team.waitFor({ state: 'detached' })
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  const { figure } = await hung(page)
  const waiting = Number(await figure('Waiting'))
  await ticket({ team: 'Support' }, 'After the shop')
  await expect.poll(() => figure('Waiting')).toBe(String(waiting + 1))
})

test('everything is on one screen in a room, and nothing sticks out of a phone', async () => {
  const wide = await hang()
  const fits = () => document.documentElement.scrollHeight <= window.innerHeight && document.documentElement.scrollWidth <= window.innerWidth
  expect(await wide.page.evaluate(fits)).toBe(true)
  const size = await wide.page.locator('.wall-figure dd').first().evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))
  expect(size, 'pixels of the largest figures').toBeGreaterThan(70)
  const panels = wide.page.locator('.wall-figure, .wall-team, .wall-tempo, .wall-changes')
  for (const panel of await panels.all()) {
    const { x, y, width, height } = (await panel.boundingBox())!
    expect(x >= 0 && y >= 0 && x + width <= 1920 && y + height <= 1080).toBe(true)
  }
  const narrow = await hang({ viewport: { width: 320, height: 640 } })
  expect(await narrow.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
})

test.each(['light', 'dark'] as const)('axe-core finds nothing on the wall, %s', async (colorScheme) => {
  const anna = await as('demo agent1@demo.test')
  const { page, changes } = await hang({ colorScheme })
  await leave(anna, await ticket({ member: 'Anna Berg' }, 'Looked at by axe'))
  await changes.first().waitFor()
  expect(await faults(page)).toEqual([])
})
