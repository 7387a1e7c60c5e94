import { describe, expect, test } from 'vitest'
import { about } from './acts'
import { done, placeOf, type Replay, spanOf } from './replay'
import { changed, chosenRecords, EMPTY } from './typed'

const replay = (part: Partial<Replay>): Replay => ({ id: 'r', at: '2026-12-01T09:00:00Z', test: false, from: '11', to: '20', onlyParked: false, settled: null, over: false, ...part })

describe('replays', () => {
  test.each([
    [{}, 0, 'Records 11 to 20'],
    [{ settled: '10' }, 0, 'Records 11 to 20'],
    [{ settled: '15' }, 0.5, 'Records 11 to 20'],
    [{ settled: '20' }, 1, 'Records 11 to 20'],
    [{ over: true }, 1, 'Records 11 to 20'],
    [{ to: '11', onlyParked: true }, 0, 'Record 11, only parked'],
    [{ test: true, from: null, to: null }, 0, 'A test'],
  ] as const)('%o is done by %d', (part, share, words) => {
    expect(done(replay(part))).toBe(share)
    expect(spanOf(replay(part))).toBe(words)
  })

  test.each([
    ['sequence', ' 12 ', { sequence: '12' }],
    ['sequence', '', null],
    ['sequence', '-1', null],
    ['sequence', '1.5', null],
    ['at', '', null],
    ['at', '2026-12-01T09:00:00Z', { at: '2026-12-01T09:00:00.000Z' }],
  ] as const)('a place by %s from %o', (kind, text, place) => expect(placeOf(kind, text)).toEqual(place))
})

describe('settings', () => {
  const before = { ...EMPTY, name: 'CRM', url: 'https://crm.example', records: ['MESSAGE' as const] }

  test('only what was typed is sent', () => {
    expect(changed(before, before)).toEqual({})
    for (const [key, value] of Object.entries({ name: 'ERP', url: 'https://erp.example', document: '{ sequence }', order: 'NONE', records: ['OWNERSHIP'] })) {
      expect(changed(before, { ...before, [key]: value })).toEqual({ [key]: value })
    }
  })

  test.each([
    [null, 'partner', ['OWNERSHIP', 'MESSAGE', 'AVAILABILITY']],
    [['CONTACT'], 'partner', ['CONTACT']],
    [[], 'partner', []],
    [null, 'integration', ['MESSAGE']],
    [['CONTACT'], 'integration', ['MESSAGE']],
  ] as const)('records %o of a key with the role %s', (records, role, sent) => expect(chosenRecords(records, role)).toEqual(sent))
})

test('what is refused is said at its field, and the rest above', () => {
  const refused = [
    { code: 'INVALID_INPUT', message: 'No.', field: ['url'] },
    { code: 'INVALID_INPUT', message: 'Nor.', field: ['from', 'sequence'] },
    { code: 'PLAN_REQUIRED', message: 'The plan.', field: null },
    { code: 'INVALID_INPUT', message: 'Elsewhere.', field: ['webhookId'] },
  ]
  expect(about(refused, 'url')).toBe('No.')
  expect(about(refused, 'from')).toBe('Nor.')
  expect(about(refused, 'name')).toBe(null)
  expect(about(refused, null, ['url', 'from'])).toBe('The plan. Elsewhere.')
})
