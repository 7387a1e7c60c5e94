import { Fault } from './faults.js'
import { seconds } from './resume.js'

/** Fetches, and applies again to the answer what was told while it was on its way. */
export class Refetch<News> {
  readonly #apply: (news: News) => void
  #told: News[] = []
  #latest = 0
  #running = false

  readonly #wait: (attempt: number) => Promise<void>

  constructor(apply: (news: News) => void, wait = seconds) {
    this.#apply = apply
    this.#wait = wait
  }

  get running(): boolean {
    return this.#running
  }

  /** Applies news now, and again if a fetch is under way. */
  heard(news: News): void {
    if (this.#running) this.#told.push(news)
    this.#apply(news)
  }

  /**
   * Asks, and asks again for as long as the server is away. An answer that a later fetch, or stop, has
   * overtaken is dropped. failed hears of every try.
   */
  async run<Answer>(ask: () => Promise<Answer>, took: (answer: Answer) => void, failed: (fault: Fault) => void): Promise<void> {
    const mine = ++this.#latest
    this.#running = true
    for (let attempt = 0; ; attempt++) {
      const answer = await ask().catch(faulty)
      if (mine !== this.#latest) return
      if (!(answer instanceof Fault)) {
        this.#running = false
        took(answer)
        return this.#told.splice(0).forEach(this.#apply)
      }
      failed(answer)
      if (!passes(answer)) return this.stop()
      await this.#wait(attempt)
      if (mine !== this.#latest) return
    }
  }

  /** Drops what is under way. */
  stop(): void {
    this.#latest++
    this.#running = false
    this.#told = []
  }
}

/** Whether the same request may work in a moment. */
export const passes = ({ code }: Fault): boolean => PASSING.has(code)

const PASSING = new Set(['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED'])

const faulty = (error: unknown) => (error instanceof Fault ? error : new Fault(String(error), 'BUG'))
