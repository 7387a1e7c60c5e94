import type { Page, WebSocketRoute } from 'playwright-core'
import { expect, test } from 'vitest'
import { visit } from './desk'
import { program } from './here'
import { hung } from './wallboard'

const EVENTS = 10_000
const BATCH = 500
const WARM = 2000 // by then every list is full
const MAY_GROW = 3_000_000 // bytes; to keep the events between takes 11 million
const PATIENCE = 400_000 // milliseconds; it takes half a minute where nobody else works

/** A server of streams alone, that a test plays. */
class Streams {
  #socket: WebSocketRoute | undefined
  readonly #ids = new Map<string, string[]>()

  async take(page: Page) {
    await page.routeWebSocket(/\/graphql$/, (socket) => {
      this.#socket = socket
      socket.onMessage((text) => this.#heard(JSON.parse(String(text))))
    })
  }

  #heard({ type, id, payload }: { type: string; id: string; payload: { query: string } }) {
    if (type === 'connection_init') this.#say({ type: 'connection_ack' })
    if (type === 'ping') this.#say({ type: 'pong' })
    if (type !== 'subscribe') return
    const field = /subscription\s+(\w+)/.exec(payload.query)![1]!
    this.#ids.set(field, [...(this.#ids.get(field) ?? []), id])
    if (field === 'Workloads') this.#say(next(id, loads(0)))
  }

  #say(message: object) {
    this.#socket?.send(JSON.stringify(message))
  }

  tell(n: number) {
    for (const id of this.#ids.get('AssignmentEvents') ?? []) this.#say(next(id, change(n)))
    for (const id of this.#ids.get('Workloads') ?? []) if (n % 5 === 0) this.#say(next(id, loads(n)))
  }
}

const next = (id: string, data: object) => ({ id, type: 'next', payload: { data } })

const member = (n: number) => ({ __typename: 'Member', id: `m${n % 12}`, name: `Member ${n % 12}` })
const loads = (n: number) => ({
  workloads: {
    __typename: 'WorkloadsChange', cursor: `w${n}`, removedMemberIds: [], queue: { waiting: n % 30, longestWaitSince: new Date().toISOString() },
    members: [{ openConversations: n % 11, cap: 10, availability: 'ONLINE', member: member(n) }],
  },
})
const change = (n: number) => {
  const owner = { handler: 'HUMAN', status: 'OPEN', assignee: member(n), team: { id: 't', name: 'Support' } }
  const node = {
    id: `e${n}`, kind: 'TAKEN_OVER', reason: null, note: `Note ${n} `.repeat(60), version: n, at: new Date().toISOString(), actor: member(n + 1),
    from: owner, to: owner, conversation: { id: `c${n}`, subject: `Question ${n} ${'?'.repeat(150)}`, version: n },
  }
  return { assignmentEvents: { cursor: `c${n}`, gap: false, node } }
}

test('10,000 changes leave no more behind than 2,000', { timeout: PATIENCE }, async () => {
  const { page, context } = await visit(program(), '/playground', { viewport: { width: 1920, height: 1080 } })
  const streams = new Streams()
  await streams.take(page)
  // The hour before is another test's: here what the test plays is counted alone.
  await page.route('**/graphql', (route) => (route.request().postData()?.includes('RecentChanges') ? route.abort() : route.continue()))
  await page.goto(`${program()}/wall`)
  await page.getByRole('button', { name: 'Oskar Vance' }).click()
  const { changes, counted } = await hung(page)
  const debug = await context.newCDPSession(page)
  const heap = async () => {
    for (let round = 0; round < 3; round++) await debug.send('HeapProfiler.collectGarbage')
    return (await debug.send('Runtime.getHeapUsage')).usedSize
  }

  let early = 0
  for (let n = 1; n <= EVENTS; n++) {
    streams.tell(n)
    if (n % BATCH === 0) await changes.first().filter({ hasText: `Question ${n} ` }).waitFor()
    if (n === WARM) early = await heap()
  }
  expect(await counted()).toBe(EVENTS)
  expect(await changes.count()).toBeLessThan(30)
  expect((await heap()) - early).toBeLessThan(MAY_GROW)
})
