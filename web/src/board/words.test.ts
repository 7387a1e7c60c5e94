import { expect, test } from 'vitest'
import type { ActionVerdictLike, Happened, Refusal } from './kinds'
import { denial, nameOf, refusalText, sentence } from './words'

const verdict = (more: Partial<ActionVerdictLike>): ActionVerdictLike => ({ action: 'TRANSFER', allowed: false, reason: null, permission: null, requiredPlan: null, ...more })

test.each<[Partial<ActionVerdictLike>, string | undefined, string | null]>([
  [{ allowed: true }, undefined, null],
  [{ reason: 'PLAN', requiredPlan: { name: 'pro', label: 'Professional' } }, undefined, 'Needs the plan Professional or higher'],
  [{ reason: 'PERMISSION', permission: 'transfer:livechat:ALL' }, undefined, 'You lack the permission transfer:livechat:ALL'],
  [{ reason: 'NOT_ASSIGNEE' }, 'Ben', 'Ben owns it: take it over first'],
  [{ reason: 'NOT_ASSIGNEE' }, undefined, 'Nobody owns it: claim it first'],
  [{ reason: 'TAKEOVER_REQUIRED' }, 'Ben', 'Ben owns it: take it over first'],
  [{ reason: 'STATE' }, undefined, 'Not possible in its present state'],
])('%j of %s: %s', (given, owner, wanted) => {
  expect(denial(verdict(given), owner)).toBe(wanted)
})

test('what is not known is not allowed', () => {
  expect(denial(undefined)).not.toBeNull()
})

const [ben, me] = [{ id: 'ben', name: 'Ben' }, { id: 'me', name: 'Anna' }]
const nobody = { handler: 'QUEUED', status: 'OPEN', assignee: null, team: null } as const
const has = (assignee: typeof ben) => ({ ...nobody, handler: 'HUMAN', assignee }) as const

const offerTo = (member: typeof ben): Happened['offer'] => ({ id: 'o', status: 'OPEN', note: null, reasonCode: null, reasonText: null, expiresAt: '2026-01-01T00:01:00Z', sender: ben, member, team: null })

function happened(more: Partial<Happened>): Happened {
  return { id: 'e', kind: 'CLAIMED', reason: null, reasonCode: null, offer: null, note: null, version: 2, at: '2026-01-01T00:00:00Z', actor: { __typename: 'Member', ...ben }, from: nobody, to: nobody, ...more }
}

test.each<[Partial<Happened>, string]>([
  [{ kind: 'CLAIMED', to: has(ben) }, 'Ben claimed it'],
  [{ kind: 'TRANSFERRED', from: has(ben), to: has(me) }, 'Ben transferred it to you'],
  [{ kind: 'TRANSFERRED', from: has(ben), to: { ...nobody, team: { id: 't', name: 'Sales' } } }, 'Ben transferred it to Sales'],
  [{ kind: 'TAKEN_OVER', from: has(me), to: has(ben) }, 'Ben took it over from you'],
  [{ kind: 'TAKEN_OVER', actor: { __typename: 'Member', ...me }, from: has(ben), to: has(me) }, 'You took it over from Ben'],
  [{ kind: 'ASSIGNED', to: has(ben) }, 'Ben assigned it to themselves'],
  [{ kind: 'ASSIGNED', actor: { __typename: 'Member', ...me }, to: has(me) }, 'You assigned it to yourself'],
  [{ kind: 'OFFERED', from: has(ben), to: has(ben), offer: offerTo(me) }, 'Ben offered it to you'],
  [{ kind: 'OFFER_PASSED_ON', from: has(ben), to: has(ben), offer: offerTo({ id: 'c', name: 'Chiara' }) }, 'The offer asks Chiara now'],
  [{ kind: 'OFFER_PASSED_ON', from: has(ben), to: has(ben), offer: { ...offerTo(ben)!, member: null, team: { id: 't', name: 'Billing' } } }, 'Ben declined it: the others of the team can accept it'],
  [{ kind: 'LEFT', from: has(ben) }, 'Ben left: it is up for grabs'],
  [{ kind: 'UNDONE', to: has(me) }, 'Ben undid the last change: you again'],
  [{ kind: 'STATUS_CHANGED', to: { ...nobody, status: 'UNSET' } }, 'Ben cleared the status'],
])('%j: %s', (event, wanted) => {
  expect(sentence(happened(event), 'me')).toBe(wanted)
})

test('a lost race names the winner', () => {
  const by = { __typename: 'Member', ...ben } as const
  const current = { assignee: { ...ben, availability: 'ONLINE' } }
  const refused = (more: object) => refusalText({ message: 'm', code: 'CONFLICT', at: '', by, current, ...more } as unknown as Refusal, 'me')
  expect(refused({ __typename: 'AlreadyAssignedError', assignee: ben })).toBe('Ben was first and owns it now.')
  expect(refused({ __typename: 'ConflictError' })).toBe('Ben was first and owns it now.')
  expect(refused({ __typename: 'ConflictError', current: { assignee: { ...me, availability: 'ONLINE' } } })).toBe('Ben was first: you own it now.')
  expect(refused({ __typename: 'ConflictError', current: { assignee: null } })).toBe('Ben was first and changed it. Look again.')
  expect(refused({ __typename: 'NotAssigneeError' })).toBe('m')
})

test('everybody has a name', () => {
  expect(nameOf({ __typename: 'Contact', contactName: null })).toBe('Visitor')
  expect(nameOf({ __typename: 'SystemActor', name: 'system' })).toBe('Switchboard')
  expect(nameOf({ __typename: 'Member', ...me }, 'me')).toBe('You')
})
