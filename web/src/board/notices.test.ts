import { describe, expect, test } from 'vitest'
import type { Connection, Observer } from '../../client/index'
import { followNotices, type Told, toastOf } from './notices'
import { Toasts } from './toasts'

const LATER = '2999-01-01T00:00:00Z'
const EARLIER = '2001-01-01T00:00:00Z'

function told(kind: Told['kind'], more: Partial<Told> = {}): Told {
  return {
    id: 'n1', kind, at: LATER, read: false, bulkId: null, count: 1, claimable: kind === 'UP_FOR_GRABS' || kind === 'QUEUED_IN_YOUR_TEAM', message: { body: 'Hello?', sequence: 3 },
    actor: { __typename: 'Member', id: 'ben', name: 'Ben' }, event: { note: 'see below', offer: null, to: { assignee: null, team: { id: 't', name: 'Sales' } } },
    conversation: { id: 'c1', subject: 'A zip', contact: { id: 'v', name: 'Vera' } }, ...more,
  }
}

function offered(more: Partial<NonNullable<NonNullable<Told['event']>['offer']>> = {}): Told['event'] {
  const [sender, member] = [{ id: 'ben', name: 'Ben' }, { id: 'me', name: 'Anna' }]
  return { note: null, to: { assignee: sender, team: null }, offer: { id: 'o1', status: 'OPEN', note: null, reasonCode: null, reasonText: null, expiresAt: LATER, sender, member, team: null, ...more } }
}

function acts(current: string | null = null) {
  const done: string[] = []
  return { done, me: 'me', claim: (id: string) => void done.push(`claim ${id}`), open: (id: string) => void done.push(`open ${id}`),
    accept: (id: string, offer: string) => void done.push(`accept ${offer} of ${id}`), decline: (id: string, offer: string, { text }: { text: string }) => (done.push(`decline ${offer} of ${id}: ${text}`), Promise.resolve(true)), current: () => current, heard: () => undefined }
}

describe('a notification of many conversations', () => {
  test.each([
    ['UP_FOR_GRABS', 'Up for grabs: 12 conversations from Ben', 'grab:n1'],
    ['QUEUED_IN_YOUR_TEAM', 'Waiting: 12 conversations from Ben', 'grab:n1'],
    ['TAKEN_OVER_FROM_YOU', 'Ben took 12 conversations from you', 'n1'],
    ['CLOSED_BY_OTHER', 'Ben closed 12 conversations of yours', 'n1'],
    ['TRANSFERRED_TO_YOU', '12 conversations from Ben', 'n1'],
  ] as const)('%s', (kind, text, id) => {
    const toast = toastOf(told(kind, { bulkId: 'b', count: 12 }), acts())
    expect(toast).toMatchObject({ text, id, action: { label: 'Open' } })
  })
})

describe('a notification in words', () => {
  test.each([
    ['UP_FOR_GRABS', 'Up for grabs: A zip', 'Ben let go of it · Vera', 'claim c1'],
    ['QUEUED_IN_YOUR_TEAM', 'Waiting: A zip', 'In the queue of Sales · Vera', 'claim c1'],
    ['TAKEN_OVER_FROM_YOU', 'Ben took over A zip', 'It is no longer yours. · Vera', 'open c1'],
    ['CLOSED_BY_OTHER', 'Ben closed A zip', 'see below · Vera', 'open c1'],
    ['TRANSFERRED_TO_YOU', 'Ben transferred A zip to you', 'see below · Vera', 'open c1'],
    ['ASSIGNED', 'Ben assigned you A zip', 'see below · Vera', 'open c1'],
    ['RECLAIMED_FROM_YOU', 'Taken back from you: A zip', 'Nobody answered. · Vera', 'open c1'],
    ['WOKEN', 'Awake again: A zip', 'You were not free: it waits in the queue. · Vera', 'open c1'],
    ['UNANSWERED', 'Still unanswered: A zip', 'Owned by nobody · Vera', 'open c1'],
    ['OFFERED_TO_YOU', 'Ben offers you A zip', 'see below · Vera', 'open c1'],
    ['OFFERED_TO_YOUR_TEAM', 'Ben offers your team A zip', 'see below · Vera', 'open c1'],
    ['OFFER_ENDED', 'Your offer has ended: A zip', 'Owned by nobody · Vera', 'open c1'],
    ['INBOUND_MESSAGE', 'Vera wrote again: Hello?', 'A zip', 'open c1'],
  ] as const)('%s', (kind, text, detail, does) => {
    const asked = acts()
    const toast = toastOf(told(kind), asked)!
    expect([toast.text, toast.detail]).toEqual([text, detail])
    toast.action!.run()
    expect(asked.done).toEqual([does])
  })
  test.each(['OFFERED_TO_YOU', 'OFFERED_TO_YOUR_TEAM'] as const)('%s is accepted, or declined with a reason', async (kind) => {
    const asked = acts()
    const toast = toastOf(told(kind, { event: offered() }), asked)!
    expect(toast).toMatchObject({ tone: 'offer', until: LATER, pinned: true, action: { label: 'Accept' } })
    toast.action!.run()
    await toast.decline!.run({ reason: null, text: 'no time' })
    expect(asked.done).toEqual(['accept o1 of c1', 'decline o1 of c1: no time'])
    expect(toastOf(told(kind, { event: offered() }), acts('c1')), 'the open conversation says it').toBeNull()
  })
  test.each([
    ['OFFERED_TO_YOU', 12, 'Ben offers you 12 conversations'],
    ['OFFERED_TO_YOUR_TEAM', 12, 'Ben offers your team 12 conversations'],
    ['OFFERED_TO_YOU', 1, 'Ben offers you A zip'],
  ] as const)('%s of a call with %d is opened, and each is answered there', (kind, count, text) => {
    const asked = acts('c1')
    const toast = toastOf(told(kind, { event: offered(), bulkId: 'b', count }), asked)!
    expect(toast).toMatchObject({ id: 'grab:offer:n1', tone: 'offer', text, action: { label: 'Open' } })
    expect(toast.decline).toBeUndefined()
    toast.action!.run()
    expect(asked.done).toEqual(['open c1'])
  })
  test.each([
    ['ACCEPTED', null, 'Ben accepted it. · Vera'],
    ['DECLINED', 'no time', 'Ben declined it. Break. no time · Vera'],
    ['EXPIRED', null, 'Nobody accepted the offer in time. · Vera'],
  ] as const)('an offer that ended %s', (status, reasonText, detail) => {
    expect(toastOf(told('OFFER_ENDED', { event: offered({ status, reasonText, reasonCode: reasonText ? { id: 'r1', name: 'Break' } : null }) }), acts())!.detail).toBe(detail)
  })
  test('the rules gave it', () => {
    expect(toastOf(told('ASSIGNED', { actor: { __typename: 'SystemActor', name: 'system' } }), acts())!.text).toBe('You were given A zip')
  })
  test('a message in what is on the screen needs none', () => {
    expect(toastOf(told('INBOUND_MESSAGE'), acts('c1'))).toBeNull()
    expect(toastOf(told('INBOUND_MESSAGE'), acts('c2'))).not.toBeNull()
  })
  test('a chat without a subject is called after its visitor', () => {
    const chat = { id: 'c1', subject: '', contact: { id: 'v', name: 'Vera' } }
    expect(toastOf(told('UP_FOR_GRABS', { conversation: chat }), acts())!.text).toBe('Up for grabs: the chat with Vera')
  })
})

/** A connection on which a test plays the server. */
function fake(list: Told[] = [], before: Told[] = []) {
  let observer!: Observer<{ notifications: Told & { gone: boolean } }>
  const lists = [before]
  const connection = {
    subscribe: (_document: unknown, _variables: unknown, given: typeof observer) => {
      observer = given
      return () => {}
    },
    execute: () => Promise.resolve({ notifications: { nodes: lists.shift() ?? list } }),
  } as unknown as Connection
  const toasts = new Toasts()
  const stop = followNotices(connection, toasts, acts())
  const item = (one: Told, gone = false) => observer.next({ notifications: { ...one, gone } })
  return { item, missed: () => observer.missed!(), stop, texts: () => toasts.shown.get().map(({ text }) => text) }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('following', () => {
  test('what went away is taken back, whichever notification told it', () => {
    const { item, texts } = fake()
    item(told('UP_FOR_GRABS'))
    expect(texts()).toEqual(['Up for grabs: A zip'])
    item(told('QUEUED_IN_YOUR_TEAM', { id: 'n2' }), true)
    expect(texts()).toEqual([])
  })
  test('an offer that ended is taken back, at once or after a loss', async () => {
    const { item, missed, texts } = fake()
    item(told('OFFERED_TO_YOU', { event: offered() }))
    item(told('OFFERED_TO_YOU', { event: offered({ status: 'ACCEPTED' }), actor: { __typename: 'Member', id: 'me', name: 'Anna' } }), true)
    expect(texts()).toEqual([])
    item(told('OFFERED_TO_YOU', { id: 'n2', event: offered() }))
    missed()
    await settled()
    expect(texts()).toEqual([])
  })
  test.each([
    ['ACCEPTED', 'Cem accepted it.'],
    ['WITHDRAWN', 'Cem took the offer back.'],
    ['EXPIRED', 'Nobody accepted the offer in time.'],
    ['OPEN', 'The offer asks somebody else now.'],
    ['SUPERSEDED', 'The conversation moved on, and the offer ended.'],
  ] as const)('who was asked too sees how an offer ended: %s', (status, text) => {
    const { item, texts } = fake()
    const ended = told('OFFERED_TO_YOUR_TEAM', { event: offered({ status }), actor: { __typename: 'Member', id: 'cem', name: 'Cem' } })
    item(ended, true)
    expect(texts(), 'what was not on the screen').toEqual([])
    item(told('OFFERED_TO_YOUR_TEAM', { event: offered() }))
    item(ended, true)
    expect(texts()).toEqual([text])
  })
  test('one notice a conversation that can be claimed', () => {
    const { item, texts } = fake()
    item(told('QUEUED_IN_YOUR_TEAM'))
    item(told('UP_FOR_GRABS', { id: 'n2' }))
    expect(texts()).toEqual(['Up for grabs: A zip'])
  })
  test('after a loss: what is gone is taken back, what is new is shown, what is old is not', async () => {
    const other = { id: 'c2', subject: 'A tent', contact: { id: 'v', name: 'Vera' } }
    const old = { id: 'c3', subject: 'Long ago', contact: { id: 'v', name: 'Vera' } }
    const before = told('UP_FOR_GRABS', { id: 'n3', conversation: old })
    const { item, missed, texts } = fake([told('UP_FOR_GRABS', { id: 'n2', conversation: other, at: EARLIER }), before], [before]) // by a clock that is behind
    item(told('UP_FOR_GRABS'))
    missed()
    await settled()
    expect(texts()).toEqual(['Up for grabs: A tent'])
  })
  test('ended, it shows nothing more', async () => {
    const { missed, stop, texts } = fake([told('UP_FOR_GRABS')])
    missed()
    stop()
    await settled()
    expect(texts()).toEqual([])
  })
})
