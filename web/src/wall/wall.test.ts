import { beforeEach, describe, expect, test } from 'vitest'
import { MOST } from './changes'
import { keep, kept } from './kept'
import type { LoadsChange } from './loads'
import { hung, newWall, type Wall, type WallEvent } from './wall'

const NOON = Date.UTC(2026, 0, 1, 12)
type Item = Extract<WallEvent, { type: 'change' }>['item']

const owner = { handler: 'QUEUED', status: 'OPEN', assignee: null, team: { id: 't', name: 'Support' } } as const
const change = (n: number, at: number): WallEvent => ({
  type: 'change',
  now: at,
  item: {
    cursor: `c${n}`,
    gap: false,
    node: {
      id: `e${n}`, kind: n % 2 ? 'CLAIMED' : 'LEFT', reason: null, note: 'A note that nobody shows '.repeat(20), version: n, at: new Date(at).toISOString(),
      actor: { __typename: 'Member', id: `m${n % 50}`, name: `Member ${n % 50}` }, from: owner, to: owner,
      conversation: { id: `k${n}`, subject: `Question ${n}`, version: n },
    },
  } as Item,
})
const loads = (team: string | null, members: [string, number, 'ONLINE' | 'AWAY'][], removed: string[] = [], first = false): WallEvent => ({
  type: 'loads', team, first,
  change: {
    cursor: 'c', removedMemberIds: removed, queue: { waiting: 3, longestWaitSince: new Date(NOON).toISOString() },
    members: members.map(([id, openConversations, availability]) => ({ openConversations, cap: 10, availability, member: { id, name: id } })),
  } as LoadsChange,
})
const all = (events: WallEvent[], from: Wall = newWall(NOON)) => events.reduce(hung, from)

describe('what a wall holds does not grow', () => {
  const size = (wall: Wall) => JSON.stringify(wall).length

  test('over 10,000 changes, an hour of them or a week', () => {
    for (const apart of [360, 60_000]) {
      let wall = newWall(NOON)
      let early = 0
      for (let n = 1; n <= 10_000; n++) {
        wall = hung(wall, change(n, NOON + n * apart))
        wall = hung(wall, loads(n % 3 ? `t${n % 8}` : null, [[`m${n % 50}`, n % 12, n % 5 ? 'ONLINE' : 'AWAY']]))
        if (n === 1000) early = size(wall)
      }
      expect(wall.changes).toHaveLength(MOST)
      expect(wall.tempo.counts).toHaveLength(60)
      expect(wall.workspace?.members.length).toBeLessThanOrEqual(50)
      expect(size(wall)).toBeLessThan(early * 1.1)
      expect(wall.cursor).toBe('c10000')
    }
  })
  test('nothing of the note or of the state behind a change is kept', () => {
    expect(JSON.stringify(all([change(1, NOON)]))).not.toContain('nobody shows')
  })
})

describe('changes', () => {
  test('the newest is first and counts in its minute', () => {
    const wall = all([change(1, NOON), change(2, NOON + 30_000), change(3, NOON + 60_000)])
    expect(wall.changes.map(({ id }) => id)).toEqual(['e3', 'e2', 'e1'])
    expect(wall.changes[1]).toMatchObject({ what: 'Member 2 left: it is up for grabs', subject: 'Question 2', loud: true })
    expect(wall.tempo.counts.slice(-2)).toEqual([2, 1])
  })
  test('what was missed leaves the time between unknown, and changes on the wall', () => {
    const wall = all([change(1, NOON), change(2, NOON + 60_000), { type: 'missed', now: NOON + 180_000 }, change(3, NOON + 181_000)])
    expect(wall.tempo.counts.slice(-4)).toEqual([1, null, null, 1])
    expect(wall.changes).toHaveLength(3)
  })
})

describe('loads', () => {
  test('changed members are replaced, removed ones go, and who is there with most to do is first', () => {
    const wall = all([loads('t', [['a', 1, 'ONLINE'], ['b', 5, 'ONLINE'], ['c', 9, 'AWAY']], [], true), loads('t', [['a', 7, 'ONLINE']], ['b'])])
    expect(wall.teams['t']?.members.map(({ id, open }) => [id, open])).toEqual([['a', 7], ['c', 9]])
    expect(wall.teams['t']).toMatchObject({ waiting: 3, longestSince: NOON })
    expect(wall.workspace).toBeNull()
  })
  test('after a loss the whole comes anew: who left meanwhile is gone', () => {
    const wall = all([loads(null, [['a', 1, 'ONLINE'], ['b', 5, 'ONLINE']], [], true), loads(null, [['b', 6, 'ONLINE']], [], true)])
    expect(wall.workspace?.members.map(({ id }) => id)).toEqual(['b'])
  })
})

describe('a reload', () => {
  const store = new Map<string, string>()
  beforeEach(() => {
    store.clear()
    Object.assign(globalThis, { sessionStorage: { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => store.set(key, value) } })
  })
  test('goes on where the same viewer was', () => {
    const wall = all([change(1, NOON), change(2, NOON)])
    keep('w/anna', wall)
    expect(kept('w/anna')).toEqual({ tempo: wall.tempo, changes: wall.changes, heardAt: NOON, cursor: 'c2' })
    expect(kept('w/ben')).toBeNull()
  })
  test.each(['', '{', 'null', '{"viewer":"w/anna"}', '{"viewer":"w/anna","kept":{"cursor":"c","tempo":{"counts":[1]},"changes":[]}}'])('begins anew with what it cannot read: %s', (text) => {
    store.set('switchboard:wall', text)
    expect(kept('w/anna')).toBeNull()
  })
  test('begins anew when nothing was heard yet', () => {
    keep('w/anna', newWall(NOON))
    expect(kept('w/anna')).toBeNull()
  })
})
