import { describe, expect, test } from 'vitest'
import { filled, idsIn } from './ids'
import { MOST_ITEMS, MOST_LETTERS, Runs } from './runs'
import { sharedIn, shareLink } from './share'

const PAGE = 'https://desk.example/playground?x=1#old'

describe('a link that shares', () => {
  test('holds the document and the variables in the fragment, and gives them back', () => {
    const shared = { query: '# Größe & 100 %\nquery { a(b: "#?&=") }', variables: '{"id": "x+y"}' }
    const link = new URL(shareLink(shared, PAGE))
    expect([link.origin, link.pathname, link.search]).toEqual(['https://desk.example', '/playground', ''])
    expect(sharedIn(link.hash)).toEqual(shared)
  })
  test.each([
    ['{"token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.x"}'],
    ['{"key": "sbk_abc_def"}'],
    ['{"Authorization": "Bearer something"}'],
  ])('is not made of a token: %s', (variables) => {
    expect(() => shareLink({ query: 'query { a }', variables }, PAGE)).toThrow('token')
    expect(() => shareLink({ query: `query { a } # ${variables}`, variables: '' }, PAGE)).toThrow('token')
  })
  test('is not made of nothing, nor of too much', () => {
    expect(() => shareLink({ query: ' ', variables: '' }, PAGE)).toThrow('empty')
    expect(() => shareLink({ query: 'x'.repeat(9000), variables: '' }, PAGE)).toThrow('too long')
  })
  test.each(['', '#', '#/all', '#variables={}'])('there is none in %j', (hash) => expect(sharedIn(hash)).toBeNull())
})

describe('ids', () => {
  const answer = {
    viewer: { member: { id: 'me' } },
    any: { nodes: [{ id: 'any' }] }, queued: { nodes: [] }, mine: null,
    people: { nodes: [{ id: 'p1', assignee: { id: 'me' } }, { id: 'p2', assignee: { id: 'other' } }] },
    members: { nodes: [{ id: 'me', availability: 'ONLINE' }, { id: 'away', availability: 'AWAY' }, { id: 'here', availability: 'ONLINE' }] },
  }
  test('are taken from what one may read', () => {
    expect(idsIn(answer)).toEqual({ conversation: 'any', colleagues: 'p2', member: 'here' })
    expect(idsIn(null)).toEqual({})
  })
  test('take the places of words, and what there is none of is said', () => {
    const text = '{"a": "id of a conversation, from the tab MyInbox", "b": "id of a queued conversation, from the tab MyInbox", "c": "id of a member, from x", "d": "hello"}'
    const done = filled(text, idsIn(answer))
    expect(JSON.parse(done.text)).toEqual({ a: 'any', b: 'id of a queued conversation, from the tab MyInbox', c: 'here', d: 'hello' })
    expect([done.filled, done.missing]).toEqual([2, ['id of a queued conversation']])
  })
})

describe('the log of a run', () => {
  test('keeps the newest items, and no more however long it runs', () => {
    const runs = new Runs()
    const run = runs.begin(0)
    run.listening()
    for (let n = 1; n <= 10_000; n++) run.item({ n }, n)
    const { count, items, phase } = runs.state.get()
    expect([count, items.length, items[0]!.number, phase]).toEqual([10_000, MOST_ITEMS, 10_000, 'listening'])
    run.item('x'.repeat(1e6))
    expect(runs.state.get().items[0]!.text.length).toBeLessThan(MOST_LETTERS + 100)
  })
  test('is of the last run alone', () => {
    const runs = new Runs()
    const [old, next] = [runs.begin(0), runs.begin(5)]
    old.item('late')
    next.answered(200, 12, 47)
    expect(runs.state.get()).toMatchObject({ count: 0, status: 200, took: 42, bytes: 12, phase: 'done' })
  })
})
