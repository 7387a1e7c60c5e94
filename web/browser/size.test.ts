import { get } from 'node:http'
import { expect, test } from 'vitest'
import { visit } from './desk'
import { program } from './here'

const BOARD = 90_000 // bytes
const LIGHT = 110_000

/** Fetches with nothing but gzip accepted. Answers the text and the bytes that came over the wire. */
function fetched(path: string, encoding = 'gzip'): Promise<{ text: string; bytes: number; encoding: string | undefined; vary: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(program() + path, { headers: { 'accept-encoding': encoding } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', async () => {
        const body = Buffer.concat(chunks)
        const { gunzipSync, brotliDecompressSync } = await import('node:zlib')
        const used = answer.headers['content-encoding']
        const plain = used === 'gzip' ? gunzipSync(body) : used === 'br' ? brotliDecompressSync(body) : body
        resolve({ text: plain.toString('utf8'), bytes: body.length, encoding: used, vary: answer.headers.vary })
      })
    }).on('error', reject)
  })
}

/** Everything that a page may ever fetch: what it names, what that names, and so on. */
async function whole(page: string, follow: (path: string) => boolean = () => true) {
  const sizes = new Map<string, number>()
  const wanted = [page]
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (sizes.has(path)) continue
    const { text, bytes } = await fetched(path)
    sizes.set(path, bytes)
    if (!/^\/$|\.(js|css)$|^\/[a-z]+$/.test(path)) continue
    for (const [, name] of text.matchAll(/(?:assets\/|\.\/)([\w.-]+-[\w-]{8}\.(?:js|css|svg))/g)) if (follow(name!)) wanted.push(`/assets/${name}`)
  }
  return sizes
}

test('the board is under 90 KB with gzip, with all that it may fetch later', async () => {
  const sizes = await whole('/')
  const sum = [...sizes.values()].reduce((a, b) => a + b, 0)
  console.log(`board: ${sum} bytes with gzip`, Object.fromEntries(sizes))
  expect(sizes.size).toBeGreaterThan(4)
  expect(sum).toBeLessThan(BOARD)
})

test('assets and pages come compressed as the browser accepts it', async () => {
  const { text } = await fetched('/')
  const script = /\/assets\/[\w.-]+\.js/.exec(text)![0]
  for (const [accept, wanted] of [['br, gzip', 'br'], ['gzip', 'gzip'], ['identity', undefined]] as const) {
    const answer = await fetched(script, accept)
    expect([answer.encoding, answer.vary]).toEqual([wanted, 'Accept-Encoding'])
    expect((await fetched('/', accept)).text).toBe(text)
  }
})

const FAST_3G = { offline: false, latency: 562, downloadThroughput: (1.44 * 1024 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 }

test('the playground can be used long before its editor is there: the time is printed', async () => {
  const { page, context } = await visit(program(), '/chat')
  const debug = await context.newCDPSession(page)
  await debug.send('Network.enable')
  await debug.send('Network.emulateNetworkConditions', FAST_3G)
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const begun = Date.now()
  await page.goto(`${program()}/playground`, { waitUntil: 'commit' })
  await page.getByRole('button', { name: 'Run' }).waitFor()
  const usable = Date.now() - begun
  await page.getByRole('button', { name: 'Run' }).click()
  await page.locator('pre', { hasText: '"data"' }).waitFor()
  console.log(`playground on Fast 3G with 4x CPU: usable after ${usable} ms, an answer after ${Date.now() - begun} ms`)
  // What was typed is never swept away by the editor, which comes when it is asked for.
  await debug.send('Network.emulateNetworkConditions', { ...FAST_3G, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await page.getByRole('textbox', { name: 'Query' }).fill('{ viewer { member { name } } }')
  await page.getByRole('button', { name: 'Go on in the editor' }).click()
  await page.locator('.graphiql-container').waitFor()
  await page.getByText('viewer { member { name } }').first().waitFor()
  const light = await whole('/playground', (name) => /^(playground|rolldown-runtime|preload-helper)/.test(name))
  console.log('playground before its editor:', Object.fromEntries(light))
  expect([...light.values()].reduce((a, b) => a + b, 0)).toBeLessThan(LIGHT)
})
