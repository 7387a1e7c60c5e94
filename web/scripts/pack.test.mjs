import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const web = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(web, 'client/package.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'switchboard-pack-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let refusal = ''
beforeAll(() => {
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: join(web, 'client'), encoding: 'utf8' }).replace(/^[^[]*/, ''))
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  const install = spawnSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)], { cwd: folder, encoding: 'utf8' })
  if (install.status === 0) return
  refusal = install.stderr
  if (process.env.SWITCHBOARD_TEST_REQUIRE_NODE) throw new Error(refusal)
  console.error('NOT TESTED: the client was not installed in an empty folder, because npm could not fetch what it needs')
}, 300_000)

const run = (name, text) => {
  writeFileSync(join(folder, name), text)
  return spawnSync('node', [name], { cwd: folder, encoding: 'utf8' })
}

test('the client works where nothing but it was installed', ({ skip }) => {
  if (refusal) skip()
  const { stdout, stderr } = run('bare.js', `import { connect } from '@switchboard/client'
    const desk = connect({ url: 'http://127.0.0.1:9/graphql', token: 't' })
    if (!globalThis.WebSocket) try { desk.subscribe('subscription { x }', {}, { next() {} }) } catch ({ message }) { if (!message.includes('package ws')) console.log(message) }
    console.log(desk.state.get().phase, Array.isArray(desk.list({ list: 'MINE' }, { first: 5 }).get()))
    desk.close()
    process.exit(0)`)
  expect(stdout + stderr).toBe('connecting true\n')
})

describe('with the libraries of its entry points', () => {
  // Those that are optional are taken from here.
  beforeAll(() => {
    for (const peer of Object.keys({ ...manifest.peerDependencies, '@types/node': '' })) {
      const at = join(folder, 'node_modules', peer)
      if (existsSync(at)) continue
      mkdirSync(dirname(at), { recursive: true })
      symlinkSync(join(web, 'node_modules', peer), at)
    }
  })

  test('each can be imported', ({ skip }) => {
    if (refusal) skip()
    for (const entry of Object.keys(manifest.exports).filter((name) => /^\.(\/\w+)?$/.test(name))) {
      const { stdout, stderr } = run('entry.js', `console.log(Object.keys(await import('@switchboard/client${entry.slice(1)}')).length > 0)`)
      expect(stdout + stderr, entry).toBe('true\n')
    }
  })

  // A name that resolves to nothing has the type any, in which no mistake is one: each @ts-expect-error proves a type.
  const consumer = `
    import { ApolloClient, InMemoryCache } from '@apollo/client'
    import { Environment, RecordSource, Store } from 'relay-runtime'
    import { AssignmentEventsDocument, connect, type Desk, type LiveList, type RowFragment } from '@switchboard/client'
    import { switchboardLink, typePolicies } from '@switchboard/client/apollo'
    import { switchboardNetwork } from '@switchboard/client/relay'
    import { liveList } from '@switchboard/client/tanstack'
    import { keys, switchboardExchange } from '@switchboard/client/urql'
    export const desk: Desk = connect({ url: '', token: async () => '' })
    export const inbox: LiveList = desk.list({ list: 'MINE' }, { orderBy: { field: 'WAITING', direction: 'ASC' }, first: 5 })
    export const rows: readonly RowFragment[] = inbox.get()
    // @ts-expect-error
    export const wrong: readonly number[] = inbox.get()
    // @ts-expect-error
    desk.list({ list: 'NOBODYS' })
    desk.subscribe(AssignmentEventsDocument, {}, { next: ({ assignmentEvents }) => assignmentEvents.node?.id })
    // @ts-expect-error
    desk.subscribe(AssignmentEventsDocument, {}, { next: ({ nothing }) => nothing })
    export const client = new ApolloClient({ link: switchboardLink(desk), cache: new InMemoryCache({ typePolicies }) })
    export const environment = new Environment({ network: switchboardNetwork(desk), store: new Store(new RecordSource()) })
    export const options = liveList(desk, { list: 'MINE' })
    export const exchange = [switchboardExchange(desk), keys] as const
    // @ts-expect-error
    switchboardLink(1), switchboardExchange(1), switchboardNetwork(1), liveList(1, {})
  `
  test.each([
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
  ])('its types are there for moduleResolution %s', (moduleResolution, module, { skip } = {}) => {
    if (refusal) return skip?.()
    writeFileSync(join(folder, 'consumer.ts'), consumer)
    const compilerOptions = { moduleResolution, module, target: 'es2022', strict: true, noEmit: true, lib: ['ES2023', 'DOM'], types: [], skipLibCheck: true }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    const { stdout, status } = spawnSync('node', [join(web, 'node_modules/typescript/bin/tsc'), '--project', folder], { cwd: folder, encoding: 'utf8' })
    expect([stdout, status]).toEqual(['', 0])
  })
})
