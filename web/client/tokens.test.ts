import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type WebSocket as Accepted, WebSocketServer, WebSocket } from 'ws'
import { connect } from './desk.js'
import { Fault } from './faults.js'
import type { TypedDocumentString } from './generated/graphql.js'
import { Tokens } from './tokens.js'

const STREAM = 'subscription { room { cursor } }' as unknown as TypedDocumentString<{ room: { cursor: string } }, object>
const QUERY = 'query { ping }' as unknown as TypedDocumentString<{ ping: string }, object>

const open: Server[] = []
afterEach(() => open.splice(0).forEach((server) => (server.closeAllConnections(), server.close())))

/** A server that knows some tokens. It notes which it was shown. */
async function desk(...good: string[]) {
  const known = new Set(good)
  let takesAll = false
  const [sockets, shown, asked]: [Set<Accepted>, string[], string[]] = [new Set(), [], []]
  const server = createServer((request, answer) => {
    const token = String(request.headers.authorization).replace('Bearer ', '')
    asked.push(token)
    const ok = known.has(token)
    answer.writeHead(ok ? 200 : 401, { 'content-type': 'application/json' })
    answer.end(JSON.stringify(ok ? { data: { ping: token } } : { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }))
  })
  new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' }).on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data))
      if (type === 'connection_init') {
        const token = String(payload?.Authorization).replace('Bearer ', '')
        shown.push(token)
        if (takesAll || known.has(token)) socket.send('{"type":"connection_ack"}')
        if (!known.has(token)) socket.close(4403, 'the token is refused')
      }
      if (type === 'subscribe') socket.send(JSON.stringify({ id, type: 'next', payload: { data: { room: { cursor: String(shown.length) } } } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    known, shown, asked,
    /** From now on a token that is not known is taken before it is refused. */
    takesAll: () => void (takesAll = true),
    expire: () => sockets.forEach((socket) => socket.close(4403, 'the token expired')),
  }
}

function follow(url: string, token: Parameters<typeof connect>[0]['token'], streams = 1) {
  const connection = connect({ url, token, webSocket: WebSocket, retryWait: () => Promise.resolve() })
  const [heard, ended]: [string[], string[]] = [[], []]
  for (let n = 0; n < streams; n++) {
    connection.subscribe(STREAM, {}, { next: ({ room }) => heard.push(room.cursor), ended: (fault) => ended.push(fault?.code ?? 'done') })
  }
  return { connection, heard, ended }
}

describe('a token that is refused at a socket', () => {
  test('is asked for again, once, and every stream goes on with the new one', async () => {
    const server = await desk('old')
    let token = 'old'
    const told: (string | undefined)[] = []
    const { connection, heard, ended } = follow(server.url, (refused) => (told.push(refused), token), 3)
    await expect.poll(() => heard.length).toBe(3)
    server.known.delete('old')
    server.known.add((token = 'new'))
    server.expire()
    await expect.poll(() => heard.length).toBe(6)
    expect(server.shown).toEqual(['old', 'new'])
    expect(told).toEqual([undefined, 'old'])
    expect(ended).toEqual([])
    expect(connection.state.get().phase).toBe('online')
    connection.close()
  })
  test('ends every stream when the same is refused again', async () => {
    const server = await desk()
    const { connection, ended } = follow(server.url, () => 'bad', 3)
    await expect.poll(() => ended).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED'])
    expect(server.shown).toEqual(['bad', 'bad'])
    expect(connection.state.get()).toMatchObject({ phase: 'refused', reason: 'the token is refused' })
    connection.close()
  })
  test('gives each new one a try', async () => {
    const server = await desk('t3')
    let n = 0
    const { connection, heard, ended } = follow(server.url, () => `t${++n}`)
    await expect.poll(() => heard.length).toBe(1)
    expect([server.shown, ended]).toEqual([['t1', 't2', 't3'], []])
    connection.close()
  })
  test('does not go on for ever with new ones', async () => {
    const server = await desk()
    let n = 0
    const { connection, ended } = follow(server.url, () => `t${++n}`)
    await expect.poll(() => ended).toEqual(['UNAUTHENTICATED'])
    expect(server.shown).toHaveLength(6)
    connection.close()
  })
  test('that cannot be another is not asked for again', async () => {
    const server = await desk()
    const { connection, ended } = follow(server.url, 'fixed')
    await expect.poll(() => ended).toEqual(['UNAUTHENTICATED'])
    expect(server.shown).toEqual(['fixed'])
    connection.close()
  })
  test('is nobody’s business once the connection is closed', async () => {
    const server = await desk()
    let connection: ReturnType<typeof follow>['connection'] | undefined
    ;({ connection } = follow(server.url, () => (connection?.close(), Promise.reject(new Error('away')))))
    await expect.poll(() => connection.state.get().phase).toBe('closed')
    await new Promise((resolve) => setTimeout(resolve, 50)) // an unhandled rejection fails the run
  })
  test('a source that is away is asked again, one that is over ends', async () => {
    const server = await desk('good')
    let away = 2
    const { connection, heard, ended } = follow(server.url, () => (away-- > 0 ? Promise.reject(new Error('provider down')) : 'good'))
    await expect.poll(() => heard.length).toBe(1)
    expect(ended).toEqual([])
    connection.close()
    const asked: number[] = []
    const over = follow(server.url, () => (asked.push(1), Promise.reject(new Fault('signed out', 'UNAUTHENTICATED'))))
    await expect.poll(() => over.ended).toEqual(['UNAUTHENTICATED'])
    expect(asked).toHaveLength(1)
    await expect.poll(() => over.connection.state.get()).toMatchObject({ phase: 'refused', reason: 'signed out' })
    over.connection.close()
  })
})

describe('a request that is answered by 401', () => {
  test('is sent once more with another token', async () => {
    const server = await desk('new')
    const { connection } = follow(server.url, (refused) => (refused === 'old' ? 'new' : 'old'), 0)
    expect(await connection.execute(QUERY, {})).toEqual({ ping: 'new' })
    expect(server.asked).toEqual(['old', 'new'])
  })
  test('is not sent again with the same', async () => {
    const server = await desk()
    const { connection } = follow(server.url, () => 'bad', 0)
    await expect(connection.execute(QUERY, {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(server.asked).toEqual(['bad'])
  })
})

test('five new tokens in a row that are taken and refused at once are enough, and one that was good for a while begins anew', async () => {
  let [n, time] = [0, 0]
  const tokens = new Tokens(() => `t${++n}`, () => time)
  const refusedAfter = async (milliseconds: number) => {
    await tokens.next()
    tokens.taken()
    time += milliseconds
    return tokens.mayAskAgain()
  }
  for (let round = 0; round < 4; round++) expect(await refusedAfter(1000), `round ${round}`).toBe(true)
  expect(await refusedAfter(60_000), 'expired after a minute').toBe(true)
  for (let round = 0; round < 4; round++) expect(await refusedAfter(1000), `again, round ${round}`).toBe(true)
  expect(await refusedAfter(1000), 'the sixth in a row').toBe(false)
})

test('a server that takes every token and refuses it at once is not asked for ever', async () => {
  const server = await desk()
  server.takesAll()
  let n = 0
  const { connection, ended } = follow(server.url, () => `t${++n}`)
  await expect.poll(() => ended).toEqual(['UNAUTHENTICATED'])
  expect(server.shown).toHaveLength(6)
  connection.close()
})
