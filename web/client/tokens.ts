import { Fault } from './faults.js'

/**
 * A bearer token, or how to get one. `refused` is the token that the server refused just now, so that a kept one is
 * not given again. Rejecting with a Fault of the code UNAUTHENTICATED ends the streams; any other rejection passes.
 */
export type TokenSource = string | ((refused?: string) => string | Promise<string>)

/** So many new tokens in a row may be refused before one gives up: nobody comes in by asking for ever more of them. */
const MOST_REFUSED = 5

/** Milliseconds for which a token must have been good to begin a new row. A server that takes each and refuses it at once is asked no more often. */
const LASTED = 30_000

/**
 * The tokens of a socket. One that is refused is asked for again, once for each new one; the same token refused
 * again is final.
 */
export class Tokens {
  readonly #source: TokenSource
  /** What the server refused since it last took a token. */
  readonly #refused = new Set<string>()
  /** How many it refused since one was last good for a while. */
  #refusals = 0
  #takenAt: number | null = null
  #last: string | undefined
  readonly #now: () => number

  /** now is a clock in milliseconds that never goes back. */
  constructor(source: TokenSource, now = () => performance.now()) {
    this.#source = source
    this.#now = now
  }

  /** The token that goes with the next socket. */
  async next(): Promise<string> {
    const refused = this.#last !== undefined && this.#refused.has(this.#last) ? this.#last : undefined
    this.#last = typeof this.#source === 'string' ? this.#source : await this.#source(refused)
    return this.#last
  }

  /** The server took the token. */
  taken(): void {
    this.#refused.clear()
    this.#takenAt = this.#now()
  }

  /** The server refused the token. Says whether another may be right. */
  mayAskAgain(): boolean {
    const token = this.#last
    if (typeof this.#source === 'string' || token === undefined) return false
    if (this.#takenAt !== null && this.#now() - this.#takenAt >= LASTED) this.#refusals = 0
    this.#takenAt = null
    if (this.#refused.has(token) || this.#refusals >= MOST_REFUSED) return false
    this.#refused.add(token)
    this.#refusals++
    return true
  }
}

/** Sends a request, and once more with another token when it is answered by 401. */
export async function sendWith(source: TokenSource, request: (token: string) => Promise<Response>): Promise<Response> {
  if (typeof source === 'string') return request(source)
  const token = await source()
  const answer = await request(token)
  if (answer.status !== 401) return answer
  const other = await source(token)
  return other === token ? answer : request(other)
}

/** Whether a token source says that there will be no token any more. */
export const isOver = (error: unknown): boolean => error instanceof Fault && error.code === 'UNAUTHENTICATED'
