import { expect, test } from 'vitest'
import { as, countOf, leave, say, takeOver, ticket } from './api'
import { action, notice, owner, shows, sit } from './desk'
import { ownWord } from './here'

// B:T3, B:V2, B:V4
test('a transfer to a team, with a note', async () => {
  const made = await ticket({ member: 'Mara Lindqvist' }, 'For billing')
  const mara = await sit('Mara Lindqvist')
  const olivia = await sit('Olivia Ohm')
  await olivia.view('Billing')
  await mara.open(made, 'Mine')
  await action(mara, 'Transfer').click()
  const panel = mara.page.getByRole('dialog', { name: 'Transfer to' })
  await panel.getByRole('tab', { name: 'Teams' }).click()
  await panel.getByLabel(/Note for whoever gets it/).fill('Knows the invoice number')
  await panel.getByRole('option', { name: /Billing/ }).click()
  await panel.waitFor({ state: 'hidden' })
  await mara.page.locator('.owner-line', { hasText: 'Billing' }).waitFor()
  await shows(mara.page.locator('.timeline li').first(), 'Knows the invoice number')
  await mara.row(made).waitFor({ state: 'detached' })
  await olivia.row(made).waitFor()
})

// B:A1, B:A2, B:A3
test('the assign panel finds people, and shows the AI agent as nobody to pick', async () => {
  const subject = `Panel ${ownWord()}`
  const chat = await (await as('demo ai@demo.test')).ask(
    `mutation($subject: String) { startLivechat(input: { contact: { name: "Walter" }, subject: $subject, message: "Hello" }) { conversation { id } userErrors { code message } } }`,
    { subject },
  )
  const made = { id: chat.startLivechat.conversation.id, subject }
  const mara = await sit('Mara Lindqvist')
  await mara.open(made, 'With AI')
  await mara.page.keyboard.press('Alt+a')
  const panel = mara.page.getByRole('dialog', { name: 'Assign to' })
  const robot = panel.getByRole('option', { name: /\(AI\)/ })
  await shows(robot, 'only people own conversations')
  expect(await robot.getAttribute('aria-disabled')).toBe('true')
  await robot.click({ force: true })
  await panel.getByRole('combobox').fill('laurent')
  await shows(panel.getByRole('option').first(), 'Émile Laurent')
  await panel.getByRole('combobox').fill('emile')
  await panel.getByRole('option', { name: /Émile Laurent/ }).click()
  await shows(owner(mara), 'Émile Laurent')
})

// B:K2, B:K1, B:S1
test('takeover and send is one step, and the former owner sees it at once', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Taken with a reply')
  const anna = await sit('Anna Berg')
  const ben = await sit('Ben Okafor')
  await Promise.all([anna.open(made), ben.open(made, 'Mine')])
  await shows(anna.page.locator('.banner.takeover'), 'Ben Okafor owns this conversation')
  await anna.page.getByRole('textbox', { name: 'Reply' }).fill('I take it from here.')
  await anna.page.getByRole('button', { name: 'Takeover & send' }).click()
  await shows(owner(anna), 'You own it')
  await shows(anna.page.locator('.message.out'), 'I take it from here.')
  await shows(owner(ben), 'Anna Berg')
  await shows(ben.page.locator('.message'), 'I take it from here.')
  await ben.row(made).waitFor({ state: 'detached' })
  await ben.page.getByRole('button', { name: 'Takeover & send' }).waitFor()
})

// B:K5
test('a takeover can be undone from its notice', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Taken by mistake')
  const anna = await sit('Anna Berg')
  await anna.open(made)
  await action(anna, 'Take over').click()
  await shows(owner(anna), 'You own it')
  await notice(anna, 'You own it now.').getByRole('button', { name: 'Undo' }).click()
  await shows(owner(anna), 'Ben Okafor')
})

// B:C2, B:C4
test('closed: reopen with a reply, or start anew', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Closed too early')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await action(anna, 'Close').click()
  await action(anna, 'Reopen').waitFor()
  await anna.row(made).waitFor({ state: 'detached' })
  await anna.page.getByRole('textbox', { name: 'Reply' }).fill('One more thing.')
  await anna.page.getByRole('button', { name: 'Start new' }).waitFor()
  await anna.page.getByRole('button', { name: 'Reopen & reply' }).click()
  await shows(anna.page.locator('.message.out'), 'One more thing.')
  await action(anna, 'Close').waitFor()
})

// B:Z5
test('what one may not do says why, and which plan would allow it', async () => {
  const bakery = await as('demo-free agent1@demo.test')
  const { viewer } = await bakery.ask(`{ viewer { member { id } } }`)
  const made = { id: '', subject: `On the free plan ${ownWord()}` }
  await (await as('demo-free manager@demo.test')).ask(
    `mutation($input: CreateTicketInput!) { createTicket(input: $input) { conversation { id } userErrors { code message } } }`,
    { input: { subject: made.subject, contact: { name: 'Vera' }, to: { memberId: viewer.member.id } } },
  )
  const aiko = await sit('Aiko Tanaka')
  await aiko.open(made, 'Mine')
  const transfer = action(aiko, 'Transfer')
  expect(await transfer.getAttribute('aria-disabled')).toBe('true')
  await transfer.focus()
  await shows(aiko.page.getByRole('tooltip'), 'Needs the plan lite or higher')
})

// B:Z4, B:V4
test('what one gives away and may no longer see says so', async () => {
  const made = await ticket({ member: 'Anna Berg' }, 'Given to sales')
  const anna = await sit('Anna Berg')
  await anna.open(made, 'Mine')
  await anna.page.keyboard.press('Alt+t')
  const panel = anna.page.getByRole('dialog', { name: 'Transfer to' })
  await panel.getByRole('combobox').fill('chiara')
  await panel.getByRole('option', { name: /Chiara Rossi/ }).click()
  await anna.page.getByRole('alert').filter({ hasText: 'you may no longer read it' }).waitFor()
  await anna.row(made).waitFor({ state: 'detached' })
  expect(await action(anna, 'Take over').getAttribute('aria-disabled')).toBe('true')
})

// B:P1
test('one sets whether one takes new conversations', async () => {
  const olivia = await sit('Olivia Ohm')
  await olivia.page.getByLabel('Your availability').selectOption('Away')
  const asked = `{ viewer { member { availability } } }`
  const owner = await as('demo owner@demo.test')
  await expect.poll(async () => (await owner.ask(asked)).viewer.member.availability, { timeout: 40_000 }).toBe('AWAY')
  await olivia.page.getByLabel('Your availability').selectOption('Online')
  await expect.poll(async () => (await owner.ask(asked)).viewer.member.availability, { timeout: 40_000 }).toBe('ONLINE')
})

// B:V5
test('the figures beside the views are those of the lists', async () => {
  const anna = await sit('Anna Berg')
  const figure = anna.page.getByRole('link', { name: /^Mine/ }).locator('.count')
  await figure.waitFor()
  // What other tests left may still change: the figure is held against the server's, and not against what it was.
  const mine = { list: 'MINE', statuses: ['OPEN', 'UNSET'] }
  const right = async () => Number(await figure.textContent()) - (await countOf(await as('demo agent1@demo.test'), mine))
  await expect.poll(right).toBe(0)
  const made = await ticket({ member: 'Anna Berg' }, 'Counted')
  await anna.row(made).waitFor()
  await expect.poll(right, { message: 'with one more' }).toBe(0)
  await takeOver(await as('demo agent2@demo.test'), made)
  await anna.row(made).waitFor({ state: 'detached' })
  await expect.poll(right, { message: 'with one less' }).toBe(0)
})

// B:V4, B:V7
test('the list and the open conversation follow what others do', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Followed')
  const ben = await as('demo agent2@demo.test')
  const anna = await sit('Anna Berg')
  await anna.open(made)
  await say(ben, made, 'Let me look.')
  await shows(anna.page.locator('.message'), 'Let me look.')
  await shows(anna.row(made), 'Let me look.')
  await leave(ben, made)
  await shows(owner(anna), 'Nobody owns it')
  await action(anna, 'Claim').waitFor()
  await shows(anna.page.locator('.timeline li').first(), 'Ben Okafor left')
})
