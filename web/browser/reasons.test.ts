import { buildSchema, type GraphQLInputObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @ts-expect-error: a script without types
import { readSchema } from '../scripts/schema.mjs'
import { as, type Made, memberId, ticket } from './api'
import { action, notice, type Seat, shows, sit } from './desk'
import { ownWord } from './here'
import { picture } from './picture'
import { type Code, demand, noReasons, reason, setRules, type Usage } from './reasons'

const codes = {} as Record<Usage, Code>
const USAGES: Usage[] = ['DECLINE', 'TRANSFER', 'TAKEOVER', 'CLOSE', 'AWAY']

beforeAll(async () => {
  const olivia = await as('demo owner@demo.test')
  for (const usage of USAGES) codes[usage] = await reason(olivia, usage, `Because of ${usage.toLowerCase()} ${ownWord()}`)
  await demand(olivia, USAGES)
})
afterAll(async () => {
  await setRules(await as('demo owner@demo.test'), { transferActor: 'ASSIGNEE_ONLY' })
  await noReasons()
})

const tooWide = () => document.documentElement.scrollWidth > window.innerWidth
const WORDS: Record<Usage, string> = { DECLINE: 'Decline', TRANSFER: 'Transfer', TAKEOVER: 'Take over', CLOSE: 'Close', AWAY: 'Go away' }
const dialog = ({ page }: Seat, usage: Usage) => page.getByRole('dialog', { name: `${WORDS[usage]}: why` })
const offerBar = ({ page }: Seat) => page.getByRole('region', { name: 'Offer', exact: true })
const manyBar = ({ page }: Seat) => page.getByRole('region', { name: 'Many at once' })

/** A way to do something that takes a reason, up to where the page asks for it. */
interface Way {
  /** The mutation that it ends with. */
  operation: string
  usage: Usage
  act: (seat: Seat, made: Made) => Promise<void>
  /** Picks the reason where it is not the dialog that asks. */
  pick?: (seat: Seat, code: Code) => Promise<void>
  owner?: string
  /** What has happened before anybody sits down. */
  before?: (made: Made) => Promise<unknown>
  /** Who does it; a manager unless it is said. */
  who?: string
}

const panel = async ({ page }: Seat, name: 'Assign to' | 'Transfer to', person: string) => {
  const within = page.getByRole('dialog', { name })
  await within.getByRole('combobox').fill(person)
  await within.getByRole('option', { name: new RegExp(person, 'i') }).and(page.locator(':not([data-resting])')).click()
}
const offered = async ({ id }: Made) =>
  (await as('demo agent2@demo.test')).ask(`mutation($input: TransferConversationInput!) { transferConversation(input: $input) { userErrors { code message } } }`, {
    input: { conversationId: id, to: { memberId: await memberId('Anna Berg') }, offer: true, offerTimeout: 600, reasonCodeId: codes.TRANSFER.id },
  })
const declines: Pick<Way, 'operation' | 'usage' | 'who' | 'before' | 'owner'> = { operation: 'DeclineOffer', usage: 'DECLINE', who: 'Anna Berg', owner: 'Ben Okafor', before: offered }
const choosing = async (seat: Seat, made: Made) => {
  await seat.view('Mine')
  await seat.row(made).getByRole('link').click({ modifiers: ['Control'] })
}
const inBar = async (seat: Seat, { id }: Code, run: RegExp) => {
  await manyBar(seat).getByLabel('Reason').selectOption(id)
  await manyBar(seat).getByRole('button', { name: 'Preview' }).click()
  await manyBar(seat).getByRole('button', { name: run }).click()
  await manyBar(seat).getByRole('status', { name: 'Done' }).getByRole('listitem').first().waitFor()
}

const WAYS: Record<string, Way> = {
  'the button Take over': { operation: 'TakeOver', usage: 'TAKEOVER', owner: 'Ben Okafor', act: async (seat, made) => (await seat.open(made), action(seat, 'Take over').click()) },
  'Takeover & send': {
    operation: 'TakeOver', usage: 'TAKEOVER', owner: 'Ben Okafor',
    act: async (seat, made) => {
      await seat.open(made)
      await seat.page.getByRole('textbox', { name: 'Reply' }).fill('I take it from here')
      await seat.page.getByRole('button', { name: 'Takeover & send' }).click()
    },
  },
  'Assign, to oneself': { operation: 'Assign', usage: 'TAKEOVER', owner: 'Ben Okafor', before: async () => setRules(await as('demo owner@demo.test'), { transferActor: 'MANAGERS_DIRECT' }), act: async (seat, made) => (await seat.open(made), await seat.page.keyboard.press('Alt+a'), panel(seat, 'Assign to', 'Mara Lindqvist')) },
  'Assign, to a colleague': { operation: 'Assign', usage: 'TRANSFER', act: async (seat, made) => (await seat.open(made, 'Mine'), await seat.page.keyboard.press('Alt+a'), panel(seat, 'Assign to', 'Ben Okafor')) },
  Transfer: { operation: 'Transfer', usage: 'TRANSFER', act: async (seat, made) => (await seat.open(made, 'Mine'), await action(seat, 'Transfer').click(), panel(seat, 'Transfer to', 'Ben Okafor')) },
  'the button Close': { operation: 'SetStatus', usage: 'CLOSE', act: async (seat, made) => (await seat.open(made, 'Mine'), action(seat, 'Close').click()) },
  'the key of Close': { operation: 'SetStatus', usage: 'CLOSE', act: async (seat, made) => (await seat.open(made, 'Mine'), await action(seat, 'Close').waitFor(), seat.page.keyboard.press('Alt+w')) },
  'Close in the palette': {
    operation: 'SetStatus', usage: 'CLOSE',
    act: async (seat, made) => {
      await seat.open(made, 'Mine')
      await action(seat, 'Close').waitFor()
      await seat.page.keyboard.press('Control+k')
      await seat.page.getByRole('dialog', { name: 'What can be done' }).waitFor()
      await seat.page.keyboard.type('close')
      await seat.page.keyboard.press('Enter')
    },
  },
  'the status menu': { operation: 'SetStatus', usage: 'CLOSE', act: async (seat, made) => (await seat.open(made, 'Mine'), void (await seat.page.getByRole('combobox', { name: 'Status' }).selectOption('CLOSED'))) },
  'the undo of opening again': {
    operation: 'SetStatus', usage: 'CLOSE',
    before: (made) => closeWith(made),
    act: async (seat, made) => {
      await seat.open(made, 'Closed')
      await action(seat, 'Reopen').click()
      await notice(seat, 'Opened again.').getByRole('button', { name: 'Undo' }).click()
    },
  },
  'going away': { operation: 'SetAvailability', usage: 'AWAY', act: async (seat) => void (await seat.page.getByLabel('Your availability').selectOption('Away')) },
  'declining in a notice': {
    ...declines,
    act: async (seat, { subject }) => {
      await notice(seat, subject).getByRole('button', { name: 'Decline', exact: true }).click()
      await notice(seat, subject).getByLabel('Reason').waitFor()
    },
    pick: async ({ page }, { id }) => {
      await page.getByRole('form', { name: 'Decline the offer' }).getByLabel('Reason').selectOption(id)
      await page.getByRole('button', { name: 'Decline it' }).click()
    },
  },
  'declining in the conversation': {
    ...declines,
    act: async (seat, made) => {
      await seat.open(made, 'Offered to me')
      await offerBar(seat).getByRole('button', { name: 'Decline', exact: true }).click()
      await offerBar(seat).getByLabel('Reason').waitFor()
    },
    pick: async (seat, { id }) => {
      await offerBar(seat).getByLabel('Reason').selectOption(id)
      await offerBar(seat).getByRole('button', { name: 'Decline it' }).click()
    },
  },
  'transferring many': {
    operation: 'ActOnConversations', usage: 'TRANSFER',
    act: async (seat, made) => (await choosing(seat, made), void (await manyBar(seat).getByLabel('Whom').selectOption({ label: 'Ben Okafor' }))),
    pick: (seat, code) => inBar(seat, code, /^Transfer \d/),
  },
  'closing many': {
    operation: 'ActOnConversations', usage: 'CLOSE',
    act: async (seat, made) => (await choosing(seat, made), void (await manyBar(seat).getByLabel('What to do').selectOption('close'))),
    pick: (seat, code) => inBar(seat, code, /^Close \d/),
  },
  'the end of a shift': {
    operation: 'ActOnConversations', usage: 'TRANSFER', who: 'Samira Haddad', owner: 'Samira Haddad',
    act: async (seat, made) => {
      await seat.view('Mine')
      await seat.row(made).waitFor()
      await seat.page.getByRole('button', { name: 'My shift ends' }).click()
      await manyBar(seat).getByLabel('Whom').selectOption({ label: 'Billing' })
    },
    pick: (seat, code) => inBar(seat, code, /^Transfer \d/),
  },
}

/** Closes it with the reason that is demanded. */
const closeWith = async ({ id }: Made) =>
  (await as('demo owner@demo.test')).ask(`mutation($input: SetStatusInput!) { setConversationStatus(input: $input) { userErrors { code message } } }`, {
    input: { conversationId: id, status: 'CLOSED', reasonCodeId: codes.CLOSE.id },
  })

/** Keeps the input of each request of a mutation that a page sends. */
function sent({ page }: Seat, operation: string): Record<string, unknown>[] {
  const inputs: Record<string, unknown>[] = []
  page.on('request', (request) => {
    const text = request.postData()
    if (!text?.includes(`mutation ${operation}(`)) return
    const { input } = (JSON.parse(text) as { variables: { input: Record<string, unknown> } }).variables
    if (operation !== 'SetStatus' || input['status'] === 'CLOSED') inputs.push(input)
  })
  return inputs
}

// B:R3
test.each(Object.entries(WAYS))('a reason that is demanded is asked for before anything is sent: %s', async (_name, { operation, usage, act, pick, owner = 'Mara Lindqvist', who = 'Mara Lindqvist', before }) => {
  const made = await ticket({ member: owner }, 'With a reason')
  const seat = await sit(who)
  await before?.(made)
  const inputs = sent(seat, operation)
  await act(seat, made)
  if (pick) await pick(seat, codes[usage])
  else {
    await dialog(seat, usage).waitFor()
    expect(inputs, 'before a reason is picked').toEqual([])
    await dialog(seat, usage).getByRole('button', { name: codes[usage].name }).click()
  }
  await expect.poll(() => inputs.length).toBeGreaterThan(0)
  for (const input of inputs) expect(input, 'what was sent').toSatisfy(() => names(input, codes[usage]))
  await seat.page.getByRole('region', { name: 'Notices' }).locator('.toast.bad').waitFor({ state: 'detached' })
  if (operation === 'SetAvailability') await seat.page.getByLabel('Your availability').selectOption('Online')
})

const schema = buildSchema(readSchema())

/** Whether an input names a reason: by its id, or where the schema has only words, in them. */
function names(input: Record<string, unknown>, { id, name }: Code): boolean {
  const declines = 'offerId' in input && !('reasonCodeId' in (schema.getType('DeclineOfferInput') as GraphQLInputObjectType).getFields())
  return declines ? String(input['reason']).includes(name) : input['reasonCodeId'] === id
}

test('every usage has a way', () => {
  expect([...new Set(Object.values(WAYS).map(({ usage }) => usage))].sort()).toEqual([...USAGES].sort())
})

// B:R3
test('360 px wide: who thinks better of it has done nothing, arrows move, and the history names the reason', async () => {
  const made = await ticket({ member: 'Ben Okafor' }, 'Narrow reasons')
  const ben = await sit('Ben Okafor', { viewport: { width: 360, height: 640 } })
  const inputs = sent(ben, 'SetStatus')
  await ben.row(made).getByRole('link').click()
  await action(ben, 'Close').click()
  await dialog(ben, 'CLOSE').waitFor()
  expect(await ben.page.evaluate(tooWide)).toBe(false)
  await picture(ben.page, 'reason-narrow')
  await ben.page.keyboard.press('Escape')
  await dialog(ben, 'CLOSE').waitFor({ state: 'detached' })
  expect(inputs).toEqual([])
  await action(ben, 'Close').click()
  await dialog(ben, 'CLOSE').getByRole('button', { name: 'Cancel' }).waitFor()
  await ben.page.keyboard.press('ArrowDown')
  expect(await ben.page.evaluate('document.activeElement.textContent')).toBe('Cancel')
  await ben.page.keyboard.press('ArrowDown')
  await dialog(ben, 'CLOSE').locator('button:focus:not([data-resting])').waitFor()
  await ben.page.keyboard.press('Enter')
  await action(ben, 'Reopen').waitFor()
  await shows(ben.page.locator('.told.change'), codes.CLOSE.name)
})

// B:R3
test('reasons that nobody demands can be given, and left out', async () => {
  const olivia = await as('demo owner@demo.test')
  await demand(olivia, [])
  const made = await ticket({ member: 'Ben Okafor' }, 'As you like')
  const mara = await sit('Mara Lindqvist')
  await mara.open(made)
  await action(mara, 'Take over').click()
  await picture(mara.page, 'reason-optional')
  await dialog(mara, 'TAKEOVER').getByRole('button', { name: 'Without a reason' }).click()
  await shows(mara.page.getByTestId('owner'), 'You own it')
  await demand(olivia, USAGES)
})
