/** How the live connection is. */
export type ConnectionState =
  /** Nothing was heard yet. */
  | { phase: 'connecting' }
  /** Live. `back` says how the last loss ended; null when there was none. */
  | { phase: 'online'; back: Back | null }
  /** Lost; it is tried again until it works. `since` is in milliseconds since 1970. */
  | { phase: 'reconnecting'; since: number; attempt: number }
  /** Not tried again: the token is wrong or expired, or the server cannot be talked to. */
  | { phase: 'refused'; reason: string }
  | { phase: 'closed' }

/** The end of a loss. */
export interface Back {
  /** Milliseconds since 1970. */
  at: number
  /** For how many milliseconds nothing was heard. */
  away: number
  /** True when something that happened meanwhile can no longer be told one by one. */
  gap: boolean
}

/** A value that can be read and followed; it fits React's useSyncExternalStore. */
export interface Observable<Value> {
  get: () => Value
  /** Calls listener after each change. Answers how to stop. */
  subscribe: (listener: () => void) => () => void
}

/** An observable that its owner sets. */
export class Subject<Value> implements Observable<Value> {
  readonly #listeners = new Set<() => void>()
  #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  readonly get = (): Value => this.#value

  readonly set = (value: Value): void => {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** What happens to a socket, as far as its state goes. */
export type SocketEvent =
  | { type: 'connecting' | 'connected' | 'gap' | 'closed' }
  /** since, in milliseconds since 1970, where it began before it was noticed. */
  | { type: 'lost'; since?: number }
  | { type: 'refused'; reason: string }

/** The state after an event, at a time in milliseconds since 1970. */
export function nextState(state: ConnectionState, event: SocketEvent, now: number): ConnectionState {
  switch (event.type) {
    case 'closed':
      return { phase: 'closed' }
    case 'refused':
      return { phase: 'refused', reason: event.reason }
    case 'lost':
      return lost(state, event.since ?? now)
    case 'connecting':
      return state.phase === 'reconnecting' ? { ...state, attempt: state.attempt + 1 } : state
    case 'connected':
      return { phase: 'online', back: state.phase === 'reconnecting' ? { at: now, away: now - state.since, gap: false } : null }
    case 'gap':
      return state.phase === 'online' ? { phase: 'online', back: { at: now, away: 0, ...state.back, gap: true } } : state
  }
}

function lost(state: ConnectionState, since: number): ConnectionState {
  if (state.phase === 'closed' || state.phase === 'refused' || state.phase === 'reconnecting') return state
  return { phase: 'reconnecting', since, attempt: 0 }
}
