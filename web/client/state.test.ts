import { expect, test } from 'vitest'
import { lostSince } from './connection.js'
import { type ConnectionState, nextState, type SocketEvent, Subject } from './state.js'

const run = (...events: [SocketEvent['type'], number][]): ConnectionState =>
  events.reduce<ConnectionState>((state, [type, at]) => nextState(state, { type, reason: 'because' } as SocketEvent, at), { phase: 'connecting' })

const cases: [string, [SocketEvent['type'], number][], ConnectionState][] = [
  ['the first connection is no return', [['connecting', 0], ['connected', 1]], { phase: 'online', back: null }],
  ['a loss says since when', [['connected', 1], ['lost', 5]], { phase: 'reconnecting', since: 5, attempt: 0 }],
  ['a loss that is told twice began once', [['connected', 1], ['lost', 5], ['lost', 6]], { phase: 'reconnecting', since: 5, attempt: 0 }],
  ['tries are counted', [['lost', 5], ['connecting', 6], ['lost', 7], ['connecting', 8]], { phase: 'reconnecting', since: 5, attempt: 2 }],
  ['a return says for how long', [['connected', 1], ['lost', 5], ['connecting', 6], ['connected', 15]], { phase: 'online', back: { at: 15, away: 10, gap: false } }],
  ['a gap after a return belongs to it', [['lost', 5], ['connected', 15], ['gap', 16]], { phase: 'online', back: { at: 15, away: 10, gap: true } }],
  ['a gap out of the blue is told too', [['connected', 1], ['gap', 16]], { phase: 'online', back: { at: 16, away: 0, gap: true } }],
  ['a refusal stays', [['connected', 1], ['refused', 2], ['lost', 3]], { phase: 'refused', reason: 'because' }],
  ['the end stays', [['connected', 1], ['closed', 2], ['lost', 3]], { phase: 'closed' }],
]

test.each(cases)('%s', (_name, events, wanted) => {
  expect(run(...events)).toEqual(wanted)
})

test('a subject tells who listens, once a change, until they stop', () => {
  const subject = new Subject(1)
  const heard: number[] = []
  const stop = subject.subscribe(() => heard.push(subject.get()))
  subject.set(2)
  subject.set(2)
  subject.set(3)
  stop()
  subject.set(4)
  expect(heard).toEqual([2, 3])
})

test.each([
  ['a socket that was closed just now', 5000, 6000, 6000],
  ['a cable that was cut: since the last word', 5000, 21_000, 5000],
  ['a computer that slept for an hour', 5000, 3_605_000, 5000],
])('%s', (_name, heard, now, since) => {
  expect(lostSince(heard, now, 15_000)).toBe(since)
  expect(nextState({ phase: 'online', back: null }, { type: 'lost', since }, now)).toEqual({ phase: 'reconnecting', since, attempt: 0 })
})
