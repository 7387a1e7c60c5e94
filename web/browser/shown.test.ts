import { expect, test } from 'vitest'
import { as, claim, deleteTeam, idOf, type Made, memberId, removeMember, say, setAvailability, setRoles, teamId, teams, ticket, transfer } from './api'
import { action, notice, owner, shows, sit, visit } from './desk'
import { faults } from './axe'
import { ownWord, program } from './here'
import { openProxy } from './proxy'
import { openSlowNetwork } from './slow'

const owners = () => as('demo owner@demo.test')
const hashed = (view: string, conversation?: string) => `/#/${encodeURIComponent(view)}${conversation ? `/${encodeURIComponent(conversation)}` : ''}`

// 9: views, whatever is in their names, and addresses, whatever is in them.
test('teams with every sort of name are reached, new ones without a reload, and one that goes is left', async () => {
  const boss = await owners()
  const olivia = await sit('Olivia Ohm')
  await olivia.view('Mine')
  const names = ['A/B', '100 %', '#1 ?', 'Zürich & Köln', 'فريق الدعم', '日本語', '😀😀']
  const ids = await teams(boss, names)
  await olivia.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  try {
    const made = await ticket({ team: '100 %' }, 'In an odd team')
    for (const name of names) {
      await olivia.page.getByRole('navigation').getByRole('link').filter({ hasText: name }).click()
      await olivia.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    }
    await olivia.page.goto(program() + hashed(`team:${ids[1]}`))
    await olivia.page.reload()
    await olivia.row(made).waitFor()
    await deleteTeam(boss, ids[1]!)
    await olivia.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await expect.poll(() => olivia.page.getByRole('heading', { level: 1 }).textContent()).not.toBe('100 %')
  } finally {
    for (const id of ids) await deleteTeam(boss, id).catch(() => undefined) // one is deleted by then
  }
})

test('what one saved as a view is a list with its own order, also after a reload, and goes when it is deleted', async () => {
  const word = ownWord()
  const anna = await as('demo agent1@demo.test')
  const [first, second] = [await ticket({ member: 'Anna Berg' }, word), await ticket({ member: 'Anna Berg' }, word)]
  const { createSavedView } = await anna.ask(`mutation($input: CreateSavedViewInput!) { createSavedView(input: $input) { savedView { id } userErrors { code message } } }`, {
    input: { name: `Kept ${word}`, filter: { list: 'MINE', search: word }, orderBy: { field: 'CREATED', direction: 'ASC' } },
  })
  const seat = await sit('Anna Berg')
  const link = seat.page.getByRole('navigation').getByRole('link', { name: new RegExp(`^Kept ${word}`) })
  await shows(link.locator('.count'), '2')
  await seat.view(`Kept ${word}`)
  await seat.page.reload()
  const subjects = () => seat.page.locator('.list-row-subject').allTextContents()
  await expect.poll(subjects).toEqual([first.subject, second.subject])
  expect(await faults(seat.page)).toEqual([])
  await anna.ask(`mutation($input: DeleteSavedViewInput!) { deleteSavedView(input: $input) { deletedSavedViewId userErrors { code message } } }`, { input: { id: createSavedView.savedView.id } })
  await seat.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await link.waitFor({ state: 'detached' })
  await seat.page.getByRole('heading', { level: 1, name: `Kept ${word}` }).waitFor({ state: 'detached' })
})

test.each(['/#/mine/%', '/#/%', '/#/%E0%A4%A/%%%', '/#//', '/#/nowhere', '/#/team:gone', '/#/mine/not-an-id'])('the address %s shows a board', async (path) => {
  const anna = await sit('Anna Berg')
  await anna.page.goto(program() + path)
  await anna.page.reload()
  await anna.page.locator('.list-pane h1').waitFor()
  await anna.page.getByRole('navigation').getByRole('link', { name: /^Mine/ }).waitFor()
})

test('who names no view begins with the first that holds something', async () => {
  const { page } = await sit('Oskar Vance')
  await expect.poll(() => page.url()).toContain('#/')
  await page.locator('.list-row').first().waitFor()
  expect(await page.locator('.list-pane h1').textContent()).not.toBe('Mine')
})

test.each(['/', '/wall', '/chat'])('a fault in %s is told with a way on, and is no white page', async (path) => {
  const { page, context } = await visit(program(), path)
  await page.locator('#root > *').first().waitFor()
  await context.addInitScript(() => {
    // What no page expects: a list of sign-ins with a hole in it.
    const fetched = window.fetch
    window.fetch = async (...asked) => {
      const answer = await fetched(...asked)
      return String(asked[0]).endsWith('/config.json') ? new Response(JSON.stringify({ endpoint: '/graphql', signIns: [null] })) : answer
    }
  })
  await page.reload()
  await page.getByRole('alert').filter({ hasText: 'could not be shown' }).waitFor()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
})

// 10: rights that end.
test('who is removed is at the sign-in page at once, with the reason', async () => {
  const { page } = await sit('Bruno Costa')
  await page.getByRole('navigation').getByRole('link', { name: /^Mine/ }).click()
  const boss = await as('demo-free owner@demo.test')
  await removeMember(boss, await idOf(boss, 'Bruno Costa'))
  await page.locator('.sign-in-why').waitFor()
  expect(await page.locator('.sign-in-why').textContent()).toMatch(/member|workspace|access/i)
})

test.each([0, 60, 250])('who is demoted finds the buttons denied at once, with the reason (%i ms)', async (latency) => {
  const network = await openSlowNetwork(program(), latency)
  const boss = await owners()
  const id = await memberId('Ben Okafor')
  const made = await ticket({ team: 'Support' }, 'Demoted')
  const ben = await sit('Ben Okafor', { through: network.origin })
  await ben.open(made)
  await expect.poll(() => action(ben, 'Claim').getAttribute('aria-disabled')).toBeNull()
  try {
    await setRoles(boss, id, ['observer'])
    await expect.poll(() => action(ben, 'Claim').getAttribute('aria-disabled')).toBe('true')
    await action(ben, 'Claim').focus()
    await ben.page.getByRole('tooltip').filter({ hasText: 'You lack the permission' }).first().waitFor()
  } finally {
    await setRoles(boss, id, ['agent'])
  }
  await expect.poll(() => action(ben, 'Claim').getAttribute('aria-disabled')).toBeNull()
  await network.close()
})

// 11: availability, and the truth about a loss.
test.each([0, 60, 250])('availability is the same in every window, and being offline is said with a way back (%i ms)', async (latency) => {
  const network = await openSlowNetwork(program(), latency)
  const [one, two] = [await sit('Anna Berg', { through: network.origin }), await sit('Anna Berg')]
  const chosen = ({ page }: typeof one) => page.getByRole('combobox', { name: 'Your availability' })
  try {
    await chosen(one).selectOption('AWAY')
    await expect.poll(() => chosen(two).inputValue()).toBe('AWAY')
    await chosen(two).selectOption('OFFLINE')
    await one.page.getByText('You are offline: nothing new comes to you').waitFor()
    await one.page.getByRole('button', { name: 'Go online' }).click()
    for (const seat of [one, two]) {
      await seat.page.getByText('You are offline').waitFor({ state: 'detached' })
      await expect.poll(() => chosen(seat).inputValue()).toBe('ONLINE')
    }
  } finally {
    await setAvailability(await as('demo agent1@demo.test'), 'ONLINE')
  }
  await network.close()
})

test('a computer that slept tells how long nothing came', async () => {
  const proxy = await openProxy(program())
  const { page, context } = await visit(proxy.origin, '/')
  await context.clock.install()
  await page.reload()
  await page.getByRole('button', { name: 'Anna Berg' }).click()
  await page.locator('.list-row').first().waitFor()
  proxy.cut()
  await context.clock.fastForward('30:00')
  await page.getByRole('alert').filter({ hasText: /Connection lost ?(29|30|31) min ago/ }).waitFor()
  proxy.mend()
  await expect.poll(async () => (await context.clock.runFor(3000), page.getByRole('status').filter({ hasText: /Back online after (29|30|31) min/ }).count())).toBeGreaterThan(0)
  await proxy.close()
})

// 12: times by the server's clock, faults that pass, and storage that is blocked.
test.each([-26 * 60, 26 * 60])('a computer whose clock is wrong by %i minutes shows the right ages', async (minutes) => {
  const made = await ticket({ member: 'Anna Berg' }, 'Just now')
  const { page, context } = await visit(program(), '/')
  await context.clock.install({ time: Date.now() + minutes * 60_000 })
  await page.reload()
  await page.getByRole('button', { name: 'Anna Berg' }).click()
  await page.getByRole('navigation').getByRole('link', { name: /^Mine/ }).click()
  await expect.poll(() => page.locator('.list-row', { hasText: made.subject }).locator('time').textContent()).toMatch(/^(now|1m)$/)
})

test('"could not be reached" goes by itself once the server can be', async () => {
  const proxy = await openProxy(program())
  const { page } = await visit(proxy.origin, '/')
  await page.getByRole('button', { name: 'Anna Berg' }).waitFor()
  proxy.cut()
  await page.getByRole('button', { name: 'Anna Berg' }).click()
  await page.getByText('could not be reached').waitFor()
  proxy.mend()
  await page.locator('.list-pane h1').waitFor()
  expect(await page.getByText('could not be reached').count()).toBe(0)
  await proxy.close()
})

const BLOCKED = () => {
  for (const name of ['sessionStorage', 'localStorage']) {
    Object.defineProperty(window, name, {
      get: () => {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
  }
}

test('storage that is blocked stops neither a sign-in nor a chat', async () => {
  const board = await visit(program(), '/')
  await board.context.addInitScript(BLOCKED)
  await board.page.reload()
  await board.page.getByRole('button', { name: 'Anna Berg' }).click()
  await board.page.locator('.list-row').first().waitFor()
  for (const [path, ready] of [['/wall', '.wall-head'], ['/playground', '.graphiql-container, .playground-light']] as const) {
    await board.page.goto(program() + path)
    if (path === '/wall') await board.page.getByRole('button', { name: 'Anna Berg' }).click()
    await board.page.locator(ready).first().waitFor()
  }
  const chat = await visit(program(), '/')
  await chat.context.addInitScript(BLOCKED)
  await chat.page.goto(`${program()}/chat`)
  await chat.page.getByRole('textbox', { name: 'Your name' }).fill('Blocked Visitor')
  await chat.page.getByRole('textbox', { name: 'Your message' }).fill('Am I lost?')
  await chat.page.getByRole('button', { name: 'Start the chat' }).click()
  await chat.page.getByText('Am I lost?').waitFor()
  await chat.page.getByRole('textbox', { name: 'Message' }).waitFor()
})

// 13: words, toasts and the list of notices.
test('what is told in the corner is behind the bell, unread until it was looked at', async () => {
  const anna = await sit('Anna Berg')
  await anna.view('Closed')
  const ben = await as('demo agent2@demo.test')
  const made: Made[] = []
  for (let index = 0; index < 11; index++) made.push(await ticket({ member: 'Ben Okafor' }, 'Passed on'))
  for (const one of made) await transfer(ben, one, { memberId: await memberId('Anna Berg') }, 'Please take this')
  await notice(anna, 'Ben Okafor transferred').first().waitFor()
  const corner = anna.page.getByRole('region', { name: 'Notices' })
  await corner.getByRole('button', { name: /^\d+ more$/ }).waitFor()
  expect(await corner.getByRole('listitem').count()).toBeLessThanOrEqual(3)
  expect(await corner.textContent()).toContain('Vera Visitor')
  await expect.poll(() => anna.page.getByRole('button', { name: /^Notices, \d+ unread$/ }).count()).toBe(1)
  await corner.getByRole('button', { name: /^\d+ more$/ }).click()
  const list = anna.page.getByRole('dialog', { name: 'Notices' })
  const item = list.getByRole('button').filter({ hasText: made[0]!.subject })
  await item.filter({ hasText: 'Please take this' }).waitFor()
  expect(await item.textContent()).toContain('Unread')
  expect(await faults(anna.page)).toEqual([])
  await item.click()
  await anna.page.getByRole('heading', { level: 2, name: made[0]!.subject }).waitFor()
  await shows(anna.page.locator('.told'), 'Please take this')
  await anna.page.getByRole('button', { name: /^Notices/ }).click()
  await expect.poll(() => item.textContent()).not.toContain('Unread')
  await list.getByRole('button', { name: 'Mark all as read' }).click()
  await anna.page.keyboard.press('Escape')
  await anna.page.getByRole('button', { name: 'Notices', exact: true }).waitFor()
})

test('Undo stays on the screen however much else is told', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'To be undone')
  const mara = await sit('Mara Lindqvist')
  await mara.open(made)
  await action(mara, 'Take over').click()
  await notice(mara, 'You own it now').waitFor()
  const ben = await as('demo agent2@demo.test')
  for (let index = 0; index < 5; index++) {
    const one = await ticket({ member: 'Ben Okafor' }, 'Noise')
    await transfer(ben, one, { memberId: await memberId('Mara Lindqvist') }, '')
  }
  await notice(mara, 'Ben Okafor transferred').first().waitFor()
  await notice(mara, 'You own it now').getByRole('button', { name: 'Undo' }).click()
  await shows(owner(mara), 'Ben Okafor')
})

test('at 390 px a notice covers nothing that can be pressed', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'On a phone')
  const anna = await sit('Anna Berg', { viewport: { width: 390, height: 780 } })
  const ben = await as('demo agent2@demo.test')
  for (const where of ['list', 'conversation'] as const) {
    await anna.page.goto(`${program()}${hashed('mine', where === 'conversation' ? made.id : undefined)}`)
    if (where === 'conversation') await action(anna, 'Close').waitFor()
    for (let index = 0; index < 4; index++) await transfer(ben, await ticket({ member: 'Ben Okafor' }, 'Knock'), { memberId: await memberId('Anna Berg') }, '')
    await notice(anna, 'Ben Okafor transferred').first().waitFor()
    const covered = await anna.page.evaluate(() => {
      const corner = document.querySelector('.toast-corner')!
      const controls = [...document.querySelectorAll<HTMLElement>('button, a, textarea, input, select')].filter((one) => !corner.contains(one) && one.checkVisibility() && one.closest('.sidebar') === null)
      return controls.flatMap((one) => {
        const { left, top, width, height } = one.getBoundingClientRect()
        const [x, y] = [left + width / 2, top + height / 2]
        const scroller = one.closest('.rows')?.getBoundingClientRect()
        if (y < 0 || y > window.innerHeight || (scroller && (y > scroller.bottom || y < scroller.top))) return []
        return corner.contains(document.elementFromPoint(x, y)) ? [one.textContent ?? one.tagName] : []
      })
    })
    expect(covered, where).toEqual([])
    if (where === 'conversation') {
      await action(anna, 'Assign').click()
      const option = anna.page.locator('.target-panel').getByRole('option')
      await option.nth(2).waitFor()
      await option.first().click({ trial: true }) // it would wait for ever below a notice
    }
  }
})

// 14: what is where, and what is said.
test('waiting is longest first, also as it comes; a list is sorted and narrowed', async () => {
  const word = ownWord()
  const [first, second] = [await ticket({ team: 'Billing' }, word), await ticket({ team: 'Billing' }, word)]
  const olivia = await sit('Olivia Ohm')
  await olivia.view('Waiting')
  await olivia.page.getByRole('searchbox', { name: 'Search subject or visitor' }).fill(word)
  await olivia.row(second).waitFor()
  const third = await ticket({ team: 'Billing' }, word)
  await olivia.row(third).waitFor()
  const subjects = async () => (await olivia.page.locator('.list-row:not([data-leaving]) .list-row-subject').allTextContents()).filter((subject) => subject.includes(word))
  await expect.poll(subjects).toEqual([first, second, third].map(({ subject }) => subject))
  await olivia.page.getByRole('combobox', { name: 'Sort' }).selectOption({ label: 'Begun last' })
  await expect.poll(subjects).toEqual([third, second, first].map(({ subject }) => subject))
  await olivia.open(second, 'All open')
  await olivia.page.getByRole('button', { name: 'Star', exact: true }).click()
  await olivia.page.getByRole('checkbox', { name: 'Starred' }).check()
  await expect.poll(() => olivia.page.locator('.list-row-subject').allTextContents()).toEqual([second.subject])
})

test('a list with people, and a status that is set from a menu', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'With a person')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'With people')
  const status = anna.page.getByRole('combobox', { name: 'Status' })
  await status.selectOption('UNSET')
  await shows(anna.page.locator('.told'), 'You cleared the status')
  await status.selectOption('CLOSED')
  await anna.row(made).waitFor({ state: 'detached' })
  await expect.poll(() => status.inputValue()).toBe('CLOSED')
})

test('the AI agent is marked, its stop is said, and who watches is told that nobody sees it', async () => {
  const chat = await visit(program(), '/chat')
  const ina = `Ina ${ownWord()}`
  await chat.page.getByRole('textbox', { name: 'Your name' }).fill(ina)
  await chat.page.getByRole('textbox', { name: 'Your message' }).fill('Where is my parcel?')
  await chat.page.getByRole('button', { name: 'Start the chat' }).click()
  await chat.page.locator('.said.theirs').first().waitFor()
  const mara = await sit('Mara Lindqvist')
  await mara.view('With AI')
  const row = mara.page.locator('.list-row', { hasText: ina })
  await row.locator('.preview .chip.ai').waitFor()
  await row.getByRole('link').click()
  await shows(mara.page.locator('.watching'), 'You watch unseen')
  await mara.page.getByRole('button', { name: 'Claim' }).click()
  await shows(mara.page.locator('.told'), 'the AI agent answers no longer')
  await mara.page.locator('.watching').waitFor({ state: 'detached' })
  await mara.page.getByText('Version', { exact: true }).waitFor({ state: 'detached' })
})

test('notes of transfers stand in the stream, and the assignee has a tick in the panel', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'With a note')
  const ben = await as('demo agent2@demo.test')
  const mara = await sit('Mara Lindqvist')
  await mara.open(made)
  await transfer(ben, made, { memberId: await memberId('Mara Lindqvist') }, 'She asked twice')
  await shows(mara.page.locator('.told.change'), 'She asked twice')
  await action(mara, 'Assign').click()
  await mara.page.getByRole('option', { name: /Mara Lindqvist/ }).locator('svg').waitFor()
  await say(await as('demo manager@demo.test'), made, 'One moment')
  await claim(await as('demo manager@demo.test'), await ticket({ team: 'Support' }, 'Anything'))
  await teamId('Support')
})
