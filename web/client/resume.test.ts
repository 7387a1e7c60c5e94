import { describe, expect, test } from 'vitest'
import type { Payload } from './request.js'
import { resuming } from './resume.js'

const LIST = 'subscription($after: Cursor) { changes(after: $after) { cursor gap } }'
const ROOM = 'subscription { room { cursor } }'

type Sink = Parameters<Parameters<typeof resuming>[0]['subscribe']>[1]

/** A socket that a test plays the server on. */
function fakeSocket() {
  const sent: Payload[] = []
  const backs = new Set<() => void>()
  let payload: Payload
  let sink: Sink
  let released = 0
  return {
    sent,
    get released() {
      return released
    },
    get listening() {
      return backs.size
    },
    subscribe(given: Payload, to: Sink) {
      ;[payload, sink] = [given, to]
      sent.push(structuredClone(given))
      return () => void released++
    },
    onBack(listener: () => void) {
      backs.add(listener)
      return () => void backs.delete(listener)
    },
    item: (data: unknown) => sink.next({ data } as never),
    errors: (code: string) => sink.next({ errors: [{ message: code, extensions: { code } }] } as never),
    fail: (error: unknown) => sink.error(error),
    complete: () => sink.complete(),
    /** The connection is lost and back: the same payload is sent again. */
    cut() {
      sent.push(structuredClone(payload))
      backs.forEach((listener) => listener())
    },
  }
}

function follow(query = LIST, variables: Record<string, unknown> = {}) {
  const socket = fakeSocket()
  const told: string[] = []
  const stop = resuming<Record<string, { cursor: string }>>(
    socket,
    query,
    variables,
    {
      next: (data) => told.push(Object.values(data)[0]!.cursor),
      missed: () => told.push('missed'),
      ended: (fault) => told.push(`ended ${fault?.code ?? ''}`.trim()),
    },
    { passed: (cursor) => told.push(`@${cursor}`), gap: () => told.push('gap'), wait: () => Promise.resolve() },
  )
  return { socket, told, stop }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))
const after = (payload: Payload | undefined) => payload?.variables['after']

describe('a stream with cursors', () => {
  test('goes on behind the last cursor, and says nothing of it', () => {
    const { socket, told } = follow()
    socket.item({ changes: { cursor: '1', gap: false } })
    socket.item({ changes: { cursor: '2', gap: false } })
    socket.cut()
    expect(socket.sent.map(after)).toEqual([undefined, '2'])
    expect(told).toEqual(['@1', '1', '@2', '2'])
  })
  test('begins where it is told to, also after a loss without items', () => {
    const { socket, told } = follow(LIST, { after: '7' })
    socket.cut()
    expect(socket.sent.map(after)).toEqual(['7', '7'])
    expect(told).toEqual(['@7'])
  })
  test('says that it missed something when it is lost before it has a place to go on from', async () => {
    const { socket, told } = follow()
    socket.cut()
    socket.errors('UNAVAILABLE')
    await settled()
    expect(socket.sent.map(after)).toEqual([undefined, undefined, undefined])
    expect(told).toEqual(['missed', 'missed'])
  })
  test('tells a gap, and goes on behind it', () => {
    const { socket, told } = follow()
    socket.item({ changes: { cursor: '9', gap: true } })
    socket.cut()
    expect(told).toEqual(['@9', 'gap', 'missed', '9'])
    expect(after(socket.sent[1])).toBe('9')
  })
  test.each(['UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED'])('comes back by itself after %s', async (code) => {
    const { socket, told } = follow()
    socket.item({ changes: { cursor: '3', gap: false } })
    socket.fail([{ message: code, extensions: { code } }])
    await settled()
    expect(socket.sent.map(after)).toEqual([undefined, '3'])
    expect(told).toEqual(['@3', '3'])
  })
  test('starts anew when its cursor is refused, and says that it missed something', async () => {
    const { socket, told } = follow(LIST, { after: 'old' })
    socket.fail([{ message: 'no', extensions: { code: 'INVALID_CURSOR' } }])
    await settled()
    expect(socket.sent.map(after)).toEqual(['old', null])
    expect(told).toEqual(['@old', 'gap', 'missed'])
  })
  test('ends when it may not go on', async () => {
    const { socket, told } = follow()
    socket.errors('PERMISSION_DENIED')
    await settled()
    expect(told).toEqual(['ended PERMISSION_DENIED'])
    expect(socket.sent).toHaveLength(1)
    expect(socket.released).toBe(1)
  })
  test('ends with its socket when the token is refused', async () => {
    const { socket, told } = follow()
    socket.fail({ code: 4403, reason: 'token expired' })
    await settled()
    expect(told).toEqual(['ended UNAUTHENTICATED'])
  })
  test('ends when the server completes it', () => {
    const { socket, told } = follow()
    socket.complete()
    expect(told).toEqual(['ended'])
  })
})

describe('a stream without cursors', () => {
  test('says after each loss that it missed something', () => {
    const { socket, told } = follow(ROOM)
    socket.item({ room: { cursor: '1' } })
    socket.cut()
    socket.cut()
    expect(told).toEqual(['@1', '1', 'missed', 'missed'])
    expect(socket.sent.map(after)).toEqual([undefined, undefined, undefined])
  })
  test('says so as well when the server broke it off for a while', async () => {
    const { socket, told } = follow(ROOM)
    socket.errors('UNAVAILABLE')
    await settled()
    expect(told).toEqual(['missed'])
    expect(socket.sent).toHaveLength(2)
  })
})

test('nothing is told once it was stopped', async () => {
  const { socket, told, stop } = follow(ROOM)
  stop()
  socket.item({ room: { cursor: '1' } })
  socket.fail([{ message: 'x', extensions: { code: 'UNAVAILABLE' } }])
  socket.complete()
  await settled()
  expect(told).toEqual([])
  expect(socket.sent).toHaveLength(1)
  expect(socket.released).toBe(1)
  expect(socket.listening).toBe(0)
})
