import { describe, expect, test } from 'vitest'
import type { Connection, Observer } from '../../client/index'
import { followNotices, type Told, toastOf } from './notices'
import { Toasts } from './toasts'

const LATER = '2999-01-01T00:00:00Z'
const EARLIER = '2001-01-01T00:00:00Z'

function told(kind: Told['kind'], more: Partial<Told> = {}): Told {
  return {
    id: 'n1', kind, at: LATER, read: false, claimable: kind === 'UP_FOR_GRABS' || kind === 'QUEUED_IN_YOUR_TEAM', message: { body: 'Hello?', sequence: 3 },
    actor: { __typename: 'Member', id: 'ben', name: 'Ben' }, event: { note: 'see below', to: { assignee: null, team: { id: 't', name: 'Sales' } } },
    conversation: { id: 'c1', subject: 'A zip', contact: { id: 'v', name: 'Vera' } }, ...more,
  }
}

function acts(current: string | null = null) {
  const done: string[] = []
  return { done, claim: (id: string) => void done.push(`claim ${id}`), open: (id: string) => void done.push(`open ${id}`), current: () => current, heard: () => undefined }
}

describe('a notification in words', () => {
  test.each([
    ['UP_FOR_GRABS', 'Up for grabs: A zip', 'Ben let go of it · Vera', 'claim c1'],
    ['QUEUED_IN_YOUR_TEAM', 'Waiting: A zip', 'In the queue of Sales · Vera', 'claim c1'],
    ['TAKEN_OVER_FROM_YOU', 'Ben took over A zip', 'It is no longer yours. · Vera', 'open c1'],
    ['CLOSED_BY_OTHER', 'Ben closed A zip', 'see below · Vera', 'open c1'],
    ['TRANSFERRED_TO_YOU', 'Ben transferred A zip to you', 'see below · Vera', 'open c1'],
    ['ASSIGNED', 'Ben assigned you A zip', 'see below · Vera', 'open c1'],
    ['RECLAIMED_FROM_YOU', 'Taken back from you: A zip', 'Nobody answered. · Vera', 'open c1'],
    ['UNANSWERED', 'Still unanswered: A zip', 'Owned by nobody · Vera', 'open c1'],
    ['INBOUND_MESSAGE', 'Vera wrote again: Hello?', 'A zip', 'open c1'],
  ] as const)('%s', (kind, text, detail, does) => {
    const asked = acts()
    const toast = toastOf(told(kind), asked)!
    expect([toast.text, toast.detail]).toEqual([text, detail])
    toast.action!.run()
    expect(asked.done).toEqual([does])
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
