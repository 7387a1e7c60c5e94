import { describe, expect, test } from 'vitest'
import { hourOf } from './hour'
import { countedSince, totals } from './tempo'

const NOW = Date.UTC(2026, 0, 1, 12, 30, 20)
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()
type Page = Parameters<typeof hourOf>[0][number]

function page(conversations: [id: string, minutes: number[], more?: boolean][], hasNextPage = false): Page {
  return {
    liveCursor: 'live', pageInfo: { hasNextPage, endCursor: null },
    nodes: conversations.map(([id, minutes, more = false]) => ({
      id, subject: id, version: 1, lastActivityAt: ago(minutes[0] ?? 0),
      history: {
        pageInfo: { hasNextPage: more },
        nodes: minutes.map((at, index) => ({
          id: `${id}${index}`, kind: 'CLAIMED', reason: null, note: null, version: index, at: ago(at), actor: { __typename: 'Member', id: 'm', name: 'Mo' },
          from: { handler: 'QUEUED', status: 'OPEN', assignee: null, team: null }, to: { handler: 'HUMAN', status: 'OPEN', assignee: { id: 'm', name: 'Mo' }, team: null },
        })),
      },
    })),
  } as unknown as Page
}

describe('the hour before a wall was hung', () => {
  test('counts each change in its minute, newest last, and nothing older', () => {
    const { tempo, changes, cursor, seen } = hourOf([page([['a', [0, 1, 61]], ['b', [1, 59]]])], NOW)
    expect(tempo.counts.slice(-3)).toEqual([0, 2, 1])
    expect(tempo.counts[0]).toBe(1)
    expect(totals(tempo).all).toBe(4)
    expect(countedSince(tempo)).toBeNull()
    expect(changes[0]!.id).toBe('a0')
    expect([cursor, seen.size]).toEqual(['live', 4])
  })
  test('says from when on it knows all: there were more conversations', () => {
    const { tempo } = hourOf([page([['a', [1]], ['b', [20]]], true)], NOW)
    expect(tempo.counts.filter((count) => count === null)).toHaveLength(40)
    expect(tempo.counts.at(-2)).toBe(1)
  })
  test('says so when one conversation changed more often than is told', () => {
    const { tempo } = hourOf([page([['a', [1, 2, 10], true], ['b', [50]]])], NOW)
    expect(countedSince(tempo)).not.toBeNull()
    expect(totals(tempo).all).toBe(2)
  })
  test('is empty where nothing happened', () => {
    const { tempo, changes } = hourOf([page([])], NOW)
    expect([totals(tempo).all, countedSince(tempo), changes]).toEqual([0, null, []])
  })
})
