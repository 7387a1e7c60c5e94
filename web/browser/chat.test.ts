import { expect, test } from 'vitest'
import { as, claim, teamId, ticket } from './api'
import { faults } from './axe'
import { action, shows, sit, visit } from './desk'
import { program } from './here'
import { openProxy } from './proxy'
import { arrive, askForPerson, chatsOf } from './visitor'

const tooWide = () => document.documentElement.scrollWidth > window.innerWidth

// B:V8, B:H1, B:H3
test('a visitor talks to the AI agent, asks for a person, sees who claims, and how it ends', async () => {
  const vera = await arrive('Where is my invoice?')
  await shows(vera.host, 'Ada answers you, an AI agent')
  await askForPerson(vera)
  await vera.page.reload()
  await shows(vera.host, /You are number \d+ in line/)
  await shows(vera.said, 'Where is my invoice?')

  const mara = await sit('Mara Lindqvist')
  await mara.view('Waiting')
  // Who has just come stands last there, behind as many as others' tests left.
  await mara.page.getByRole('searchbox', { name: 'Search subject or visitor' }).fill(vera.name)
  const row = mara.page.locator('.list-row:not([data-leaving])', { hasText: vera.name })
  await row.getByRole('link').click()
  await shows(mara.page.locator('.message'), 'Where is my invoice?')
  await action(mara, 'Claim').click()
  await shows(vera.host, 'Mara Lindqvist answers you')
  await mara.page.getByRole('textbox', { name: 'Reply' }).fill('I am sending it to you.')
  await mara.page.getByRole('button', { name: 'Send' }).click()
  await shows(vera.said, 'I am sending it to you.')
  await vera.write('Thank you, Mara!')
  await shows(mara.page.locator('.message.in'), 'Thank you, Mara!')
  expect(await vera.page.getByRole('list', { name: 'You could say' }).count(), 'the AI agent is out of it').toBe(0)

  await action(mara, 'Close').click()
  await shows(vera.host, 'This chat was closed')
  await vera.write('One more thing', 'Open again')
  await shows(mara.page.locator('.message.in'), 'One more thing')
  await vera.page.getByTestId('host').filter({ hasText: 'closed' }).waitFor({ state: 'detached' })
  const answers = await vera.said.filter({ hasText: 'Ada' }).allTextContents()
  expect(answers.filter((text) => text.includes('Thank you')), 'nothing was said over Mara').toEqual([])
})

// B:Q7, B:V8
test('the place in line goes down as others are taken', async () => {
  await ticket({ team: 'Billing' }, 'Before her')
  const vera = await arrive('About a refund')
  await askForPerson(vera)
  const place = async () => Number(/\d+/.exec((await vera.host.textContent()) ?? '')?.[0])
  await shows(vera.host, /number \d+/)
  const before = await place()
  expect(before).toBeGreaterThan(1)
  const manager = await as('demo manager@demo.test')
  const { conversations } = await manager.ask(
    `query($view: InboxView) { conversations(view: $view, orderBy: { field: WAITING, direction: ASC }, first: 1) { nodes { id subject } } }`,
    { view: { list: 'QUEUED', teamIds: [await teamId('Billing')] } },
  )
  await claim(manager, conversations.nodes[0])
  await expect.poll(place).toBeLessThan(before)
})

// B:C4
test('after the end a new chat can be started, and the old one stays as it was', async () => {
  const vera = await arrive('About my invoice')
  const owner = await as('demo owner@demo.test')
  const [chat] = await chatsOf(vera.name)
  const id = chat!.id
  await owner.ask(`mutation($input: SetStatusInput!) { setConversationStatus(input: $input) { userErrors { code message } } }`, { input: { conversationId: id, status: 'CLOSED' } })
  await shows(vera.host, 'This chat was closed')
  await vera.write('Where is my parcel?', 'Start a new chat')
  await shows(vera.host, 'answers you')
  await shows(vera.said, 'Parcels take two to four days')
  expect(await vera.said.filter({ hasText: 'About my invoice' }).count()).toBe(0)
  const { conversation } = await owner.ask(`query($id: ID!) { conversation(id: $id) { status } }`, { id })
  expect(conversation.status).toBe('CLOSED')
})

test('a visitor who was cut off hears what was said meanwhile', async () => {
  const proxy = await openProxy(program())
  const vera = await arrive('My invoice is wrong', { through: proxy.origin })
  const manager = await as('demo manager@demo.test')
  proxy.cut()
  await vera.page.getByRole('alert').filter({ hasText: 'Connection lost' }).waitFor()
  const [chat] = await chatsOf(vera.name)
  await manager.ask(`mutation($input: TakeOverConversationInput!) { takeOverConversation(input: $input) { userErrors { code message } } }`, {
    input: { conversationId: chat!.id, message: 'I have a look at it.' },
  })
  proxy.mend()
  await shows(vera.said, 'I have a look at it.')
  await shows(vera.host, 'Mara Lindqvist answers you')
  await proxy.close()
})

test.each(['light', 'dark'] as const)('axe-core finds nothing on the page for visitors, %s', async (colorScheme) => {
  const { page } = await visit(program(), '/chat', { colorScheme })
  await page.getByLabel('Your name').waitFor()
  expect(await faults(page), 'the start').toEqual([])
  const vera = await arrive('An invoice, please', { colorScheme })
  expect(await faults(vera.page), 'with the AI agent').toEqual([])
  await askForPerson(vera)
  expect(await faults(vera.page), 'in line').toEqual([])
})

test('320 px wide: nothing sticks out', async () => {
  const small = { viewport: { width: 320, height: 640 } }
  const { page } = await visit(program(), '/chat', small)
  await page.getByLabel('Your name').waitFor()
  expect(await page.evaluate(tooWide)).toBe(false)
  const vera = await arrive(`Averylongwordthatnobodywouldwrite${'x'.repeat(200)}`, small)
  await askForPerson(vera)
  expect(await vera.page.evaluate(tooWide)).toBe(false)
  await vera.write('From my phone')
  await shows(vera.said, 'From my phone')
})
