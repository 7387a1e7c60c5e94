import type { FormattedExecutionResult, Sink } from 'graphql-ws'
import { faultOf, type Fault, socketFault } from './faults.js'
import type { Payload } from './request.js'

/** What a subscription tells its caller. */
export interface Observer<Data> {
  next: (data: Data) => void
  /** What happened while nothing was heard can no longer be told one by one: fetch again. */
  missed?: () => void
  /** Nothing more will come: the server ended it, or it may not go on. */
  ended?: (fault?: Fault) => void
}

/** What a subscription needs of a socket. It repeats the payload, as it is then, after a loss. */
export interface Socket {
  subscribe: (payload: Payload, sink: Sink<FormattedExecutionResult>) => () => void
  /** Calls listener each time a lost connection is back. Answers how to stop. */
  onBack: (listener: () => void) => () => void
}

export interface Resume {
  /** Told each cursor that passes. */
  passed?: (cursor: string) => void
  /** Told when something was missed for good. */
  gap?: () => void
  /** How long to wait before a subscription that failed is tried again. */
  wait?: (attempt: number) => Promise<void>
}

interface Item {
  cursor?: string
  gap?: boolean
}

// The server could not go on for now; the same question may work in a moment.
const PASSING = new Set(['UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED'])

/**
 * Runs a subscription that comes back by itself. One whose document has a variable `after` goes on
 * behind the last cursor it saw; any other, and one that has seen none, says missed() after each loss.
 */
export function resuming<Data>(
  socket: Socket,
  query: string,
  variables: Record<string, unknown>,
  observer: Observer<Data>,
  { passed, gap, wait = seconds }: Resume = {},
): () => void {
  const resumable = /\$after\b/.test(query)
  const payload: Payload = { query, variables }
  if (typeof variables['after'] === 'string') passed?.(variables['after'])
  let stopped = false
  let attempt = 0
  let release = () => {}
  const placed = () => resumable && Boolean(payload.variables['after'])
  let offBack = () => {}

  function next(data: Data) {
    attempt = 0
    const item = rootItem(data)
    if (item.cursor !== undefined) {
      passed?.(item.cursor)
      if (resumable) payload.variables = { ...variables, after: item.cursor }
    }
    if (item.gap) {
      gap?.()
      observer.missed?.()
    }
    observer.next(data)
  }

  function end(fault?: Fault) {
    if (stopped) return
    stop()
    observer.ended?.(fault)
  }

  async function failed(fault: Fault) {
    if (stopped) return
    offBack() // this loss is its own
    const lostPlace = fault.code === 'INVALID_CURSOR' && Boolean(payload.variables['after'])
    if (!lostPlace && !PASSING.has(fault.code)) return end(fault)
    if (lostPlace) payload.variables = { ...variables, after: null }
    await wait(attempt++)
    if (stopped) return
    start()
    if (lostPlace) gap?.()
    if (!placed()) observer.missed?.()
  }

  function start() {
    offBack = socket.onBack(() => placed() || observer.missed?.())
    release = socket.subscribe(payload, {
      next: (result) => {
        if (stopped) return
        if (result.errors?.length) void failed(faultOf(result.errors))
        else next(result.data as Data)
      },
      error: (error) => void failed(socketFault(error)),
      complete: () => end(),
    })
  }

  function stop() {
    stopped = true
    offBack()
    release()
  }

  start()
  return stop
}

function rootItem(data: unknown): Item {
  const [item] = Object.values(data as Record<string, unknown>)
  return typeof item === 'object' && item !== null ? (item as Item) : {}
}

/** Half a second, then twice as long each time, to 8 s at most; a bit of chance keeps clients apart. */
export function seconds(attempt: number): Promise<void> {
  const longest = Math.min(8000, 500 * 2 ** attempt)
  return new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)))
}
