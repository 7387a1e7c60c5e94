import { Subject } from '../../client/index'

/** How the last run is going, and what a subscription told. */
export interface Run {
  phase: 'idle' | 'running' | 'listening' | 'done' | 'failed'
  /** The status of HTTP, or the code of a socket's close; null before there is one. */
  status: number | null
  /** Milliseconds until the answer was there. */
  took: number | null
  bytes: number
  /** How many items came, and the newest of them, newest first. */
  count: number
  items: readonly Item[]
}

export interface Item {
  number: number
  /** Milliseconds since 1970. */
  at: number
  text: string
}

/** More are not kept, nor longer ones: a stream may run for days. */
export const MOST_ITEMS = 100
export const MOST_LETTERS = 20_000

const idle: Run = { phase: 'idle', status: null, took: null, bytes: 0, count: 0, items: [] }

/** The run that is shown under the answer. A new run takes the place of the last. */
export class Runs {
  readonly state = new Subject<Run>(idle)
  #round = 0
  #began = 0

  /** Begins a run. What it answers notes how it goes on, as long as no other run began. */
  begin(now = Date.now()) {
    const round = ++this.#round
    this.#began = now
    this.state.set({ ...idle, phase: 'running' })
    const change = (next: (run: Run) => Run) => round === this.#round && this.state.set(next(this.state.get()))
    return {
      answered: (status: number, bytes: number, at = Date.now()) => change((run) => ({ ...run, status, bytes, took: at - this.#began, phase: status < 400 ? 'done' : 'failed' })),
      failed: (status: number | null = null) => change((run) => ({ ...run, status: status ?? run.status, phase: 'failed' })),
      listening: () => change((run) => ({ ...run, phase: 'listening' })),
      item: (item: unknown, at = Date.now()) => change((run) => withItem(run, JSON.stringify(item, null, 2) ?? '', at)),
      ended: () => change((run) => ({ ...run, phase: run.phase === 'failed' ? 'failed' : 'done' })),
    }
  }

  /** Empties the log; the count goes on. */
  clear() {
    this.state.set({ ...this.state.get(), items: [] })
  }
}

function withItem(run: Run, text: string, at: number): Run {
  const kept = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}\n… cut, of ${text.length} letters` : text
  const item = { number: run.count + 1, at, text: kept }
  return { ...run, count: run.count + 1, bytes: run.bytes + text.length, items: [item, ...run.items].slice(0, MOST_ITEMS) }
}
