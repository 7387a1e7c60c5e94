import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, type GraphQLEnumType, type GraphQLInputObjectType, getNamedType, Kind, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
// @ts-expect-error: a script without types
import { readSchema } from '../../scripts/schema.mjs'
import type { Connection } from '../../client/index'
import { act, foresee, type Many, usagesOf } from './many'
import { type Asking, demands, DOES, reasoned, reasonsFor, usageOf, Why } from './reasons'
import { perform, type Verb } from './verbs'

const schema = buildSchema(readSchema())
const folder = join(import.meta.dirname, '..', '..', 'client', 'documents')
const FIELD = 'reasonCodeId'

/** Whether the input of the mutation in a document names a reason code. */
function takesReason(document: string): boolean {
  const operation = parse(document).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)!
  const [field] = operation.selectionSet.selections
  const input = field!.kind === Kind.FIELD && schema.getMutationType()!.getFields()[field!.name.value]?.args.find(({ name }) => name === 'input')
  return Boolean(input && FIELD in (getNamedType(input.type) as GraphQLInputObjectType).getFields())
}

/** A connection that keeps what is sent, and answers nothing. */
function recording() {
  const sent: { document: string; input: Record<string, unknown> }[] = []
  const execute = (document: unknown, { input }: { input: Record<string, unknown> }) => (sent.push({ document: String(document), input }), new Promise(() => {}))
  return { sent, connection: { execute } as unknown as Connection }
}

const reason = { id: 'r1', name: 'Busy', usage: 'DECLINE' } as const
const to = { memberId: 'ben' }

// Every verb of the page: another one does not compile without its row.
const VERBS: Record<Verb['type'], Verb> = {
  claim: { type: 'claim' },
  unassign: { type: 'unassign', reasonCodeId: reason.id },
  leave: { type: 'leave', reasonCodeId: reason.id },
  reopen: { type: 'reopen' },
  wake: { type: 'wake' },
  snooze: { type: 'snooze', until: { contactWrites: true } },
  status: { type: 'status', status: 'CLOSED', reasonCodeId: reason.id },
  close: { type: 'close', reasonCodeId: reason.id },
  assign: { type: 'assign', to, reasonCodeId: reason.id },
  transfer: { type: 'transfer', to, reasonCodeId: reason.id },
  acceptOffer: { type: 'acceptOffer', offerId: 'o' },
  withdrawOffer: { type: 'withdrawOffer', offerId: 'o' },
  declineOffer: { type: 'declineOffer', offerId: 'o', why: { reason, text: 'no time' } },
  takeOver: { type: 'takeOver', reasonCodeId: reason.id },
  send: { type: 'send', body: 'Hi', internal: false },
  reopenAndReply: { type: 'reopenAndReply', body: 'Hi' },
  startNew: { type: 'startNew', body: 'Hi' },
}
const SHARED = new Set<Verb['type']>(['reopen', 'claim', 'wake']) // the same input as what takes a reason

const owned = { assignee: { id: 'cem', name: 'Cem', availability: 'ONLINE' } } as const

// B:R3
test.each(Object.values(VERBS))('$type sends the reason that was picked where the schema takes one, and asks for it', (verb) => {
  const { sent, connection } = recording()
  void perform(connection, { id: 'c', version: 1 }, verb)
  const [{ document, input }] = sent as [(typeof sent)[0]]
  const takes = takesReason(document) && !SHARED.has(verb.type)
  if (takes) expect(input[FIELD]).toBe(reason.id)
  if (takes) expect(usageOf(verb, owned, 'me'), 'asked').not.toBeNull()
  else if (verb.type === 'declineOffer') expect(input['reason']).toBe('Busy: no time')
  else expect(usageOf(verb, owned, 'me'), 'asked').toBeNull()
})

test.each(['assign', 'transfer', 'close', 'unassign'] as const)('%s of many sends the reason with its preview and when it is done', (type) => {
  const { sent, connection } = recording()
  const many: Many = type === 'close' || type === 'unassign' ? { type } : { type, to }
  expect(usagesOf(type, 'memberId:ben', 'me', [])).toHaveLength(1)
  const reasonCodeId = reason.id
  const call = { selection: { view: {} }, many, reasonCodeId }
  void foresee(connection, call)
  void act(connection, call, 'k')
  expect(sent.map(({ document, input }) => takesReason(document) && input[FIELD])).toEqual([reasonCodeId, reasonCodeId])
})

test.each([
  ['cem', [], 'TRANSFER'],
  ['cem', ['TAKEOVER', 'TRANSFER'], 'TRANSFER'],
  ['cem', ['TAKEOVER'], 'TAKEOVER'],
  ['me', ['TAKEOVER'], 'TRANSFER'],
] as const)('unassigning what %s owns where %j is demanded', (id, demanded, usage) => {
  expect(usageOf({ type: 'unassign' }, { assignee: { ...owned.assignee, id } }, 'me', demanded)).toBe(usage)
})

test.each([
  [[], ['TRANSFER']],
  [['CLOSE'], ['TRANSFER']],
  [['TAKEOVER'], ['TRANSFER', 'TAKEOVER']],
  [['TRANSFER'], ['TRANSFER', 'TAKEOVER']],
] as const)('unassigning many where %j is demanded offers what each of them accepts', (demanded, usages) => {
  expect(usagesOf('unassign', '', 'me', demanded)).toEqual(usages)
  const reasons = ['DECLINE', 'TRANSFER', 'TAKEOVER', 'CLOSE'].map((usage) => ({ usage })) as unknown as Asking['reasons']
  expect(reasonsFor({ reasons }, ...usagesOf('unassign', '', 'me', demanded))).toEqual(usages.map((usage) => ({ usage })))
})

test('a usage that the schema knows is asked for by something that the page does', () => {
  const asked = new Set([...Object.values(VERBS).map((verb) => usageOf(verb, owned, 'ben2')), usageOf({ type: 'assign', to }, owned, 'ben'), 'AWAY'])
  const usages = (schema.getType('ReasonUsage') as GraphQLEnumType).getValues().map(({ name }) => name)
  expect([...asked].filter(Boolean).sort()).toEqual([...usages].sort())
  expect(Object.keys(DOES).sort()).toEqual([...usages].sort())
})

test('the client names a reason in no other mutation than those that the page knows', () => {
  const named = readdirSync(folder).flatMap((file) =>
    parse(readFileSync(join(folder, file), 'utf8')).definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'mutation') return []
      return takesReason(`mutation ${definition.name!.value} { ${definition.selectionSet.selections.map((field) => field.kind === Kind.FIELD && field.name.value).join(' ')} }`) ? [definition.name!.value] : []
    }),
  )
  const { sent, connection } = recording()
  for (const verb of Object.values(VERBS)) void perform(connection, { id: 'c' }, verb)
  void act(connection, { selection: { view: {} }, many: { type: 'close' }, reasonCodeId: null }, 'k')
  const known = new Set([...sent.map(({ document }) => /mutation (\w+)/.exec(document)![1]!), 'SetAvailability'])
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

describe('asking', () => {
  const desk = (reasonsRequired: string[], names: string[]) =>
    ({ why: new Why(), me: { id: 'me' }, reasons: names.map((name) => ({ id: name, name, usage: 'CLOSE' })), viewer: { workspace: { rules: { reasonsRequired, declineNeedsReason: false } } } }) as unknown as Asking
  const closing: Verb = { type: 'close' }

  test.each([
    ['demanded, with reasons', ['CLOSE'], ['Solved'], true],
    ['demanded, without any', ['CLOSE'], [], true],
    ['not demanded, with reasons', [], ['Solved'], true],
    ['not demanded, without any', ['TRANSFER'], [], false],
  ])('%s', async (_what, demanded, names, asks) => {
    const of = desk(demanded, names)
    const done = reasoned(of, owned, closing)
    await Promise.resolve()
    expect(of.why.asked.get()?.usage ?? null).toBe(asks ? 'CLOSE' : null)
    of.why.asked.get()?.answer('Solved')
    expect(await done).toEqual(asks ? { type: 'close', reasonCodeId: 'Solved' } : closing)
  })

  test('an undo asks for what is demanded alone', async () => {
    expect(await reasoned(desk([], ['Solved']), owned, closing, demands)).toEqual(closing)
  })

  test('who thinks better of it does nothing, and another question ends the one before', async () => {
    const of = desk([], ['Solved'])
    const [first, second] = [reasoned(of, owned, closing), reasoned(of, owned, closing)]
    expect(await first).toBeNull()
    of.why.asked.get()!.answer(undefined)
    expect(await second).toBeNull()
    expect(of.why.asked.get()).toBeNull()
  })
})
