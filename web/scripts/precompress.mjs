// Leaves compressed copies beside what a build wrote: web.go sends them to browsers that accept them.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const TEXT = /\.(html|js|css|svg|json|ttf)$/
const FROM = 1000 // bytes: a smaller file fits into a packet as it is
const HUGE = 1_000_000 // bytes from which the last few percent take too long

/** Compresses the text files of a folder, and of those in it, once each. */
export function precompress(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name)
    if (!TEXT.test(name) || statSync(path).size < FROM) continue
    const text = readFileSync(path)
    const quality = text.length < HUGE ? 11 : 9
    writeFileSync(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }))
    writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
  }
}

precompress(join(import.meta.dirname, '..', 'dist'))
