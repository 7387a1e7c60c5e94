import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { as, leave, takeOver, ticket } from './api'
import { program } from './here'
import { openProxy } from './proxy'

const web = join(import.meta.dirname, '..')
let running: ChildProcess | undefined

afterEach(() => {
  if (running?.pid) process.kill(-running.pid)
  running = undefined
})

/** Runs the client's example as its first lines say, and collects what it prints. */
function example(...args: string[]): string[] {
  const lines: string[] = []
  running = spawn('npm', ['run', '--silent', 'example', '--', ...args], { cwd: web, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface(running.stdout!).on('line', (line) => lines.push(line))
  return lines
}

const prints = (lines: string[], line: string | RegExp) =>
  expect.poll(() => lines, { timeout: 60_000 }).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line))

test('the example of the client follows an inbox, through a loss too', async () => {
  const proxy = await openProxy(program())
  const [mine, others] = [await ticket({ member: 'Anna Berg' }, 'Example'), await ticket({ member: 'Ben Okafor' }, 'Example')]
  const [anna, ben] = [await as('demo agent1@demo.test'), await as('demo agent2@demo.test')]
  const lines = example(`${proxy.origin}/graphql`, anna.token, others.id)
  await prints(lines, /^mine: \d+ conversations$/)
  await prints(lines, `taken over: ${others.subject}`)
  await prints(lines, `entered: ${others.subject}`)
  await prints(lines, `${others.subject}: Ben Okafor -> Anna Berg`)
  proxy.cut()
  await prints(lines, 'connection: reconnecting')
  await takeOver(ben, mine)
  await leave(anna, others)
  proxy.mend()
  await prints(lines, 'connection: online, nothing was missed')
  await prints(lines, `left: ${mine.subject} (REASSIGNED)`)
  await prints(lines, `${others.subject}: Anna Berg -> nobody`)
  expect(lines.filter((line) => line.startsWith('mine:'))).toHaveLength(1)
  await proxy.close()
})
