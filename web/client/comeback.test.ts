import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buildSchema } from 'graphql'
import { afterEach, describe, expect, test } from 'vitest'
import { type WebSocket as Accepted, WebSocket, WebSocketServer } from 'ws'
// @ts-expect-error a script without types
import { readSchema } from '../scripts/schema.mjs'
import { connect, type Desk } from './desk.js'

type Stream = { kind: string; send: (payload: object) => void; fail: (code: string) => void; position: number }

/** A server with one log, which every subscription follows in its own form. It can be away, and it knows which tokens are good. */
class Fake {
  readonly good = new Set(['old'])
  readonly revisions: number[] = []
  url = ''
  #server: Server | null = null
  #port = 0
  readonly #sockets = new Set<Accepted>()
  readonly #raw = new Set<Socket>()
  readonly #streams = new Set<Stream>()
  /** Up to here the log is lost. */
  #forgotten = 0
  tries = 0

  async open() {
    const server = createServer((request, answer) => void this.#answer(request).then((text) => answer.writeHead(200, { 'content-type': 'application/json' }).end(text)))
    server.on('connection', (socket) => (this.#raw.add(socket), this.tries++, socket.on('close', () => this.#raw.delete(socket))))
    new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' }).on('connection', (socket) => this.#accept(socket))
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
    this.url = `http://127.0.0.1:${this.#port}/graphql`
  }

  /** Ends every connection, with a code or without a word, and accepts no other until open. */
  async away(code?: number) {
    this.drop(code)
    const server = this.#server
    this.#server = null
    await new Promise((resolve) => (server ? (server.close(resolve), code === undefined && this.#raw.forEach((socket) => socket.destroy())) : resolve(null)))
  }

  drop(code?: number) {
    this.#streams.clear()
    for (const socket of this.#sockets) code === undefined ? socket.terminate() : socket.close(code, 'closed')
    this.#sockets.clear()
  }

  commit(times = 1) {
    for (let n = 0; n < times; n++) {
      this.revisions.push(this.revisions.length + 1)
      this.#streams.forEach((stream) => this.#catchUp(stream))
    }
  }

  /** The log is lost: whoever comes back behind an older place hears of a gap. */
  forget = () => void (this.#forgotten = this.revisions.length)
  refuse = (code: string) => this.#streams.forEach((stream) => stream.fail(code))
  get following() {
    return this.#streams.size
  }

  /** The view holds the last three conversations, of which each commit adds one. */
  view = () => this.revisions.slice(-3).reverse().map(row)

  async #answer(request: IncomingMessage): Promise<string> {
    for await (const _chunk of request) continue
    const known = this.good.has(String(request.headers.authorization).replace('Bearer ', ''))
    if (!known) return JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] })
    return JSON.stringify({ data: { conversations: { nodes: this.view(), liveCursor: String(this.revisions.length), pageInfo: { hasNextPage: false, endCursor: null } } } })
  }

  #accept(socket: Accepted) {
    this.#sockets.add(socket)
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data))
      if (type === 'connection_init') {
        if (this.good.has(String(payload?.Authorization).replace('Bearer ', ''))) socket.send('{"type":"connection_ack"}')
        else socket.close(4403, 'the token is refused')
      }
      if (type === 'subscribe') this.#subscribe(socket, id, payload)
    })
  }

  #subscribe(socket: Accepted, id: string, { query, variables }: { query: string; variables: { after?: string | null } }) {
    const kind = /\{\s*(\w+)/.exec(query)![1]!
    const stream: Stream = {
      kind,
      position: variables.after ? Number(variables.after) : this.revisions.length,
      send: (item) => socket.send(JSON.stringify({ id, type: 'next', payload: { data: { [kind]: item } } })),
      fail: (code) => (this.#streams.delete(stream), socket.send(JSON.stringify({ id, type: 'error', payload: [{ message: code, extensions: { code } }] }))),
    }
    this.#streams.add(stream)
    if (stream.position < this.#forgotten) {
      stream.position = this.revisions.length
      stream.send({ cursor: String(stream.position), gap: true, change: null, conversationId: null, conversation: null })
    }
    this.#catchUp(stream)
  }

  #catchUp(stream: Stream) {
    while (stream.position < this.revisions.length) {
      const at = ++stream.position
      const item = (change: string, n: number) => ({ cursor: String(at), gap: false, n: at, change, conversationId: `c${n}`, conversation: row(n) })
      stream.send(item('ENTERED', at))
      if (stream.kind === 'inboxChanges' && at > 3) stream.send({ ...item('LEFT', at - 3), n: undefined })
    }
  }
}

const row = (n: number) => ({ id: `c${n}`, revision: 1, lastActivityAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString() })

const open: { fake: Fake; desk: Desk }[] = []
afterEach(async () => {
  for (const { fake, desk } of open.splice(0)) {
    desk.close()
    await fake.away()
  }
})

async function begun() {
  const fake = new Fake()
  await fake.open()
  let token = 'old'
  const desk = connect({ url: fake.url, token: () => token, webSocket: WebSocket, retryWait: () => new Promise((resolve) => setTimeout(resolve, 5)) })
  open.push({ fake, desk })
  return { fake, desk, renew: () => (fake.good.delete('old'), fake.good.add((token = 'new'))) }
}
type World = Awaited<ReturnType<typeof begun>>

/** What may happen to a client that follows. Each ends with the server there again, and with commits that were made meanwhile. */
const faults: Record<string, { happens: (world: World) => Promise<void> | void; gap?: true; over?: string }> = {
  'a clean close': { happens: ({ fake }) => (fake.drop(1000), fake.commit(4)) },
  'a lost socket': { happens: ({ fake }) => (fake.drop(), fake.commit(4)) },
  'a server that restarts': { happens: async ({ fake }) => (await fake.away(1012), fake.commit(4), fake.open()) },
  'a first retry that fails, and others': {
    happens: async ({ fake, desk }) => {
      await fake.away()
      fake.commit(4)
      await expect.poll(() => desk.state.get()).toMatchObject({ phase: 'reconnecting', attempt: expect.toSatisfy((attempt: number) => attempt > 2) })
      await fake.open()
    },
  },
  'a gap': { gap: true, happens: ({ fake }) => (fake.drop(), fake.commit(4), fake.forget()) },
  'lost rights': { over: 'PERMISSION_DENIED', happens: ({ fake }) => fake.refuse('PERMISSION_DENIED') },
  'a server that cannot go on for now': { happens: ({ fake }) => (fake.refuse('UNAVAILABLE'), fake.commit(4)) },
  'a token that is renewed': { happens: ({ fake, renew }) => (renew(), fake.drop(4403), fake.commit(4)) },
  'a token that is refused for good': { over: 'UNAUTHENTICATED', happens: ({ fake }) => (fake.good.clear(), fake.drop(4403)) },
}
const names = Object.keys(faults)

const subscriptions = Object.values(buildSchema(readSchema(), { assumeValidSDL: true }).getSubscriptionType()!.getFields())
const kinds = subscriptions.map(({ name, args }) => ({ name, resumes: args.some((arg) => arg.name === 'after') }))

test('the kinds are those of the schema', () => {
  expect(kinds.filter(({ resumes }) => resumes).map(({ name }) => name)).toEqual(expect.arrayContaining(['inboxChanges', 'assignmentEvents', 'conversationUpdates']))
  expect(kinds.filter(({ resumes }) => !resumes).map(({ name }) => name)).toEqual(expect.arrayContaining(['notifications', 'inboxCounts', 'workloads', 'viewerChanges']))
})

describe.each(kinds)('$name comes back', ({ name, resumes }) => {
  test.each(names)('after %s', async (fault) => {
    const { happens, gap, over } = faults[fault]!
    const world = await begun()
    const { fake, desk } = world
    const heard: number[] = []
    const [missed, ended]: [number[], string[]] = [[], []]
    const document = resumes ? `subscription($after: Cursor) { ${name}(after: $after) { cursor gap n } }` : `subscription { ${name} { n } }`
    desk.subscribe<Record<string, { n?: number }>, object>(document as never, {}, {
      next: (data) => data[name]!.n && heard.push(data[name]!.n!),
      missed: () => missed.push(heard.length),
      ended: (why) => ended.push(why?.code ?? 'done'),
    })
    await expect.poll(() => fake.following).toBe(1)
    fake.commit(5)
    await expect.poll(() => heard).toEqual([1, 2, 3, 4, 5])
    await happens(world)
    if (over) {
      await expect.poll(() => ended).toEqual([over])
      return expect(missed).toEqual([])
    }
    await expect.poll(() => fake.following).toBe(1)
    fake.commit()
    await expect.poll(() => heard.at(-1)).toBe(fake.revisions.length)
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b)) // nothing twice, nothing backwards
    if (resumes && !gap) expect(heard).toEqual(fake.revisions)
    expect(missed).toEqual(resumes && !gap ? [] : [5])
    expect(ended).toEqual([])
  })
})

describe('a list comes back', () => {
  test.each(names)('after %s', async (fault) => {
    const { happens, over } = faults[fault]!
    const world = await begun()
    const { fake, desk } = world
    fake.commit(4)
    const list = desk.list<ReturnType<typeof row>>({ list: 'ALL' }, { first: 3, wait: () => Promise.resolve() })
    const ids = () => list.get().map(({ id }) => id)
    await expect.poll(() => fake.following).toBe(1)
    fake.commit()
    await expect.poll(ids).toEqual(['c5', 'c4', 'c3'])
    await happens(world)
    if (over) {
      await expect.poll(() => list.state.get()).toMatchObject({ over: true, fault: { code: over } })
      return expect(ids()).toHaveLength(over === 'PERMISSION_DENIED' ? 0 : 3)
    }
    await expect.poll(() => fake.following).toBe(1)
    fake.commit()
    await expect.poll(ids).toEqual(fake.view().map(({ id }) => id))
    expect(list.state.get()).toMatchObject({ over: false, loading: false })
  })
})
