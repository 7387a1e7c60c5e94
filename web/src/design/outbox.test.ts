import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BoundedStore } from './bounded'
import { type Answer, Outbox, type Outgoing } from './outbox'

type Item = Outgoing<string>

/** A server that keeps messages by key, and loses answers as a plan says. */
class Server {
  readonly said = new Map<string, string>()
  readonly tries: string[] = []
  plan: ('lost before' | 'lost after' | 'refused' | 'done')[] = []

  deliver = async ({ key, text }: Item): Promise<Answer<string>> => {
    await Promise.resolve()
    this.tries.push(key)
    const fate = this.plan.shift() ?? 'done'
    if (fate === 'refused') return { type: 'refused', why: 'Not yours.' }
    if (fate !== 'lost before') this.said.set(key, text)
    return fate === 'done' ? { type: 'done', result: text } : { type: 'lost', why: 'The server could not be reached.' }
  }
}

const store = () => new BoundedStore<Item>('o:', { count: 50, size: 100_000 }, null)

function open(server: Server, kept = store(), window = 'w1', clock = { now: 1000 }) {
  const settled: [string, string][] = []
  const outbox = new Outbox<string, string>({
    person: 'p',
    store: kept,
    window,
    deliver: server.deliver,
    settled: ({ text }, { type }) => settled.push([text, type]),
    wait: () => Promise.resolve(),
    now: () => ++clock.now,
  })
  return { outbox, settled, stop: outbox.start() }
}

const quiet = () => new Promise((resolve) => setTimeout(resolve))

describe('an outbox', () => {
  test('whatever answers are lost, each text arrives once, in order', async () => {
    const fate = fc.constantFrom('lost before' as const, 'lost after' as const, 'done' as const)
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 10 }), fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), async (plan, texts) => {
        const server = new Server()
        server.plan = plan
        const { outbox } = open(server)
        for (const text of texts) outbox.send('c', text, 'reply')
        await quiet()
        expect([...server.said.values()]).toEqual(texts)
        expect(outbox.of('c')).toEqual([])
      }),
    )
  })
  test('after a reload the same window goes on with the same key', async () => {
    const server = new Server()
    server.plan = ['lost after']
    const kept = store()
    const first = open(server, kept)
    first.outbox.send('c', 'Hello', 'reply')
    first.stop()
    await quiet()
    expect(first.outbox.of('c')).toHaveLength(1)
    const second = open(server, kept)
    await quiet()
    expect(second.settled).toEqual([['Hello', 'done']])
    expect(new Set(server.tries).size).toBe(1)
  })
  test('what is old, or was sent by another window, is not sent by itself', async () => {
    const server = new Server()
    const kept = store()
    const first = open(server, kept)
    first.stop()
    first.outbox.send('c', 'Hello', 'reply')
    await quiet()
    open(server, kept, 'w2')
    await quiet()
    expect(server.tries).toEqual([])
    const late = open(server, kept, 'w1', { now: 10_000_000 })
    await quiet()
    expect(server.tries).toEqual([])
    expect(late.outbox.of('c')[0]!.state).toBe('failed')
    late.outbox.again(late.outbox.of('c')[0]!)
    await quiet()
    expect([...server.said.values()]).toEqual(['Hello'])
  })
  test('a refusal stays with its reason, and does not hold up what comes after', async () => {
    const server = new Server()
    server.plan = ['refused']
    const { outbox, settled } = open(server)
    outbox.send('c', 'one', 'reply')
    outbox.send('c', 'two', 'reply')
    await quiet()
    expect(settled).toEqual([['one', 'refused'], ['two', 'done']])
    expect(outbox.of('c')).toMatchObject([{ text: 'one', state: 'failed', why: 'Not yours.' }])
  })
  test('a server that stays away ends in a failure that keeps its key', async () => {
    const server = new Server()
    server.plan = Array.from({ length: 12 }, () => 'lost before' as const)
    const { outbox } = open(server)
    outbox.send('c', 'Hello', 'reply')
    await quiet()
    expect(outbox.of('c')[0]!.state).toBe('failed')
    outbox.again(outbox.of('c')[0]!)
    await quiet()
    expect(new Set(server.tries).size).toBe(1)
    expect([...server.said.values()]).toEqual(['Hello'])
  })
  test('what was discarded is not tried again', async () => {
    const server = new Server()
    server.plan = ['lost before']
    const { outbox } = open(server)
    outbox.send('c', 'Hello', 'reply')
    outbox.drop(outbox.of('c')[0]!)
    await quiet()
    expect(server.tries).toHaveLength(1)
    expect(outbox.of('c')).toEqual([])
  })
})
