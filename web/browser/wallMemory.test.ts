import { expect, test } from 'vitest'
import { visit } from './desk'
import { program } from './here'
import { hung } from './wallboard'

const EVENTS = 10_000
const BATCH = 500
const WARM = 2000 // by then every list is full
const MAY_GROW = 3_000_000 // bytes; to keep the events between takes 11 million
const PATIENCE = 400_000 // milliseconds; it takes some seconds where nobody else works

/** Tells a page that play runs in what happened, from the one number to the other. */
type Tell = (from: number, to: number) => Promise<void>

/** Runs in the page: puts a server of streams alone in the place of its sockets. So many messages would take a test minutes to send one by one. */
function play() {
  const ids = new Map<string, string[]>()
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

  let socket: Played | undefined
  class Played {
    onopen?: () => void
    onmessage?: (event: { data: string }) => void
    onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void
    readonly protocol = 'graphql-transport-ws'
    readyState = 1
    constructor() {
      socket = this
      setTimeout(() => this.onopen?.())
    }
    send(text: string) {
      const { type, id, payload } = JSON.parse(text) as { type: string; id: string; payload: { query: string } }
      if (type === 'connection_init') this.later({ type: 'connection_ack' })
      if (type === 'ping') this.later({ type: 'pong' })
      if (type !== 'subscribe') return
      const field = /subscription\s+(\w+)/.exec(payload.query)![1]!
      ids.set(field, [...(ids.get(field) ?? []), id])
      if (field === 'Workloads') this.later(next(id, loads(0)))
    }
    close(code: number, reason: string) {
      this.readyState = 3
      this.onclose?.({ code, reason, wasClean: true })
    }
    later(message: object) {
      setTimeout(() => this.say(message))
    }
    say(message: object) {
      this.onmessage?.({ data: JSON.stringify(message) })
    }
  }
  Object.assign(Played, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })

  const tell: Tell = async (from, to) => {
    for (let n = from; n <= to; n++) {
      for (const id of ids.get('AssignmentEvents') ?? []) socket?.say(next(id, change(n)))
      for (const id of ids.get('Workloads') ?? []) if (n % 5 === 0) socket?.say(next(id, loads(n)))
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve)) // and the page shows what came
    }
  }
  Object.assign(window, { WebSocket: Played, tell })
}

test('10,000 changes leave no more behind than 2,000', { timeout: PATIENCE }, async () => {
  const { page, context } = await visit(program(), '/config.json', { as: 'Oskar Vance', viewport: { width: 1920, height: 1080 } })
  await page.addInitScript(play)
  // The hour before is another test's: here what the test plays is counted alone.
  await page.route('**/graphql', (route) => (route.request().postData()?.includes('RecentChanges') ? route.abort() : route.continue()))
  await page.goto(`${program()}/wall`)
  const { changes, counted } = await hung(page)
  const debug = await context.newCDPSession(page)
  const heap = async () => {
    for (let round = 0; round < 3; round++) await debug.send('HeapProfiler.collectGarbage')
    return (await debug.send('Runtime.getHeapUsage')).usedSize
  }

  let early = 0
  for (let told = BATCH; told <= EVENTS; told += BATCH) {
    await page.evaluate(([from, to]) => (window as unknown as { tell: Tell }).tell(from!, to!), [told - BATCH + 1, told])
    await changes.first().filter({ hasText: `Question ${told} ` }).waitFor()
    if (told === WARM) early = await heap()
  }
  expect(await counted()).toBe(EVENTS)
  expect(await changes.count()).toBeLessThan(30)
  expect((await heap()) - early).toBeLessThan(MAY_GROW)
})
