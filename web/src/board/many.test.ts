import { describe, expect, test } from 'vitest'
import { choose, left, lineOf, MOST, type Result, summary, verbOf } from './many'

const order = ['a', 'b', 'c', 'd']

describe('choosing rows', () => {
  test.each([
    ['one', [], null, 'b', false, ['b']],
    ['one more', ['b'], 'b', 'd', false, ['b', 'd']],
    ['one less', ['b', 'd'], 'd', 'b', false, ['d']],
    ['a range', ['b'], 'b', 'd', true, ['b', 'c', 'd']],
    ['a range upwards', ['d'], 'd', 'b', true, ['d', 'b', 'c']],
    ['a range from a row that has left', ['x'], 'x', 'b', true, ['x', 'b']],
  ])('%s', (_, chosen, last, id, range, want) => {
    expect([...choose(new Set(chosen as string[]), order, last as string | null, id as string, range as boolean)]).toEqual(want)
  })

  test('never more than one call takes', () => {
    const many = Array.from({ length: MOST + 5 }, (_, n) => String(n))
    expect(choose(new Set(['0']), many, '0', String(MOST + 4), true).size).toBe(MOST)
  })
})

const result = (outcome: Result['outcome'], more: Partial<Result> = {}): Result => ({ conversationId: 'c', outcome, conversation: null, to: null, warnings: [], error: null, ...more }) as Result

test('a preview says who gets how many', () => {
  const ada = { to: { assignee: { id: 'ada', name: 'Ada' }, team: null } } as Partial<Result>
  const answer = { results: [result('DONE', ada), result('DONE', ada), result('REFUSED', { error: { code: 'NOT_ASSIGNEE', message: 'No.' } } as Partial<Result>)], more: true }
  expect(summary(answer as Parameters<typeof summary>[0], 'transfer')).toEqual(['2 to Ada', '1 refused: No.', 'More than 3: the rest stays'])
  expect(lineOf(result('DONE', ada), 'close')).toBe('done') // a closed ticket keeps its owner, and goes to nobody
  expect(lineOf(result('NOT_TRIED'), 'close')).toBe('not tried')
})

test('what the server adds to a result is said with it', () => {
  const warned = result('QUEUED', { to: { assignee: null, team: { id: 't', name: 'Sales' } }, warnings: [{ message: 'Nobody is there.' }] } as Partial<Result>)
  expect(lineOf(warned, 'transfer')).toBe('to the queue of Sales. Nobody is there.')
  expect(lineOf(result('UNCHANGED', { warnings: [{ message: 'Nobody is there.' }] } as Partial<Result>), 'transfer')).toBe('not changed. Nobody is there.')
  expect(lineOf(result('UNCHANGED'), 'close')).toBe('as it is already')
})

test('what is not changed is listed, whatever it is called', () => {
  const outcomes: Record<Result['outcome'], boolean> = { DONE: false, OFFERED: false, QUEUED: false, UNCHANGED: true, REFUSED: true, NOT_TRIED: true }
  for (const [outcome, listed] of Object.entries(outcomes)) {
    expect(left({ results: [result(outcome as Result['outcome'])] } as Parameters<typeof left>[0]), outcome).toHaveLength(listed ? 1 : 0)
  }
})

test('the verb as the server takes it', () => {
  expect(verbOf({ type: 'transfer', to: { teamId: 't' } })).toEqual({ transfer: { teamId: 't' } })
  expect(verbOf({ type: 'close' })).toEqual({ close: true })
})
