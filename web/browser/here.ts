import { inject } from 'vitest'

const LETTERS = 'bcdfghjklmnpqrstvwxz'

/** Where this worker's program listens, such as http://127.0.0.1:4711. Each worker has its own: what one does, no other sees. */
export const program = (): string => inject('programs')[Number(process.env['VITEST_POOL_ID']) - 1]!

/** A word that nothing else in this run has, nor begins with: the tests of a worker share a workspace, and a search finds what begins so. */
export const ownWord = (): string => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => LETTERS[byte % LETTERS.length]).join('')
