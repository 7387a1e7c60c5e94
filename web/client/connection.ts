import { type Client as SocketClient, createClient } from 'graphql-ws'
import { faultOf, socketFault } from './faults.js'
import type { TypedDocumentString } from './generated/graphql.js'
import { type Answer, request } from './request.js'
import { type Observer, resuming, seconds } from './resume.js'
import { type ConnectionState, nextState, type Observable, type SocketEvent, Subject } from './state.js'
import { isOver, Tokens, type TokenSource } from './tokens.js'

export interface ConnectOptions {
  /** The API, such as https://desk.example/graphql. */
  url: string
  /**
   * A bearer token, or how to get a fresh one; asked for every request and every socket, and once more when the
   * server refuses what it gave. Only the same token refused again, or five new ones in a row, end the streams.
   */
  token: TokenSource
  /** Where there is no global WebSocket, as on Node before 22: a class like it, such as that of the package ws. */
  webSocket?: unknown
  /** How long to wait before the attempt'th try, from 0, to reach a server that is away. */
  retryWait?: (attempt: number) => Promise<void>
  /** Milliseconds between pings that find a dead connection. 10,000 when not given. */
  keepAlive?: number
}

type Document<Data, Variables> = TypedDocumentString<Data, Variables>

/** One signed-in connection: requests by HTTP, subscriptions over one socket that comes back by itself. */
export interface Connection {
  readonly state: Observable<ConnectionState>
  /** The newest cursor that any subscription gave. What is fetched later is not older than it. */
  readonly position: () => string | undefined
  /** Runs a query or a mutation. Rejects with a Fault; refusals are in the answer's userErrors. */
  execute: <Data, Variables extends object>(document: Document<Data, Variables>, variables: Variables) => Promise<Data>
  /** Runs a query or a mutation, and resolves to the whole answer. Rejects with a Fault if there is none. */
  request: (query: string, variables?: Record<string, unknown>) => Promise<Answer>
  /** Follows a subscription until the function in the answer is called. */
  subscribe: <Data, Variables extends object>(document: Document<Data, Variables>, variables: Variables, observer: Observer<Data>) => () => void
  /** Ends every subscription. */
  close: () => void
}

/** Opens a connection. Its socket opens with the first subscription. */
export function open(options: ConnectOptions): Connection {
  const state = new Subject<ConnectionState>({ phase: 'connecting' })
  const tell = (event: SocketEvent) => state.set(nextState(state.get(), event, Date.now()))
  const backs = new Set<() => void>() // one for each subscription
  const cut = new Set<() => void>()
  const lost = () => backs.forEach((listener) => cut.add(listener))
  const back = () => {
    const told = [...cut].filter((listener) => backs.has(listener))
    cut.clear()
    told.forEach((listener) => listener())
  }
  let opened: SocketClient | undefined // with the first subscription: requests alone need no WebSocket
  const socket = () => (opened ??= openSocket(options, tell, { following: () => backs.size > 0, lost, back }))
  let position: string | undefined

  const onBack = (listener: () => void) => {
    backs.add(listener)
    return () => void backs.delete(listener)
  }
  const ask = (query: string, variables: Record<string, unknown> = {}) => request(options.url, options.token, { query, variables })
  return {
    state,
    position: () => position,
    request: ask,
    execute: async (document, variables) => {
      const { data, errors } = await ask(String(document), variables as Record<string, unknown>)
      if (errors?.length || !data) throw faultOf(errors ?? [])
      return data as never
    },
    subscribe: (document, variables, observer) =>
      resuming({ subscribe: (payload, sink) => socket().subscribe(payload, sink), onBack }, String(document), variables as Record<string, unknown>, observer, {
        passed: (cursor) => (position = cursor),
        gap: () => tell({ type: 'gap' }),
      }),
    close: () => {
      tell({ type: 'closed' })
      // A socket that is being opened just now may fail: nobody waits for it any more.
      Promise.resolve(opened?.dispose()).catch(() => {})
    },
  }
}

const KEEP_ALIVE = 10_000
const PONG_WITHIN = 5000

/**
 * Since when a connection that is lost now has been lost, in milliseconds since 1970. heard is when it last said something: while it
 * lives it does so at least every so often, so a longer silence (a cable that was cut, a computer that slept) began with the last word.
 */
export const lostSince = (heard: number, now: number, silence: number): number => (now - heard > silence ? heard : now)

/** What the subscriptions of a socket hear of it. */
interface Followers {
  following: () => boolean
  /** The socket that they are on is gone. */
  lost: () => void
  /** There is another. */
  back: () => void
}

function openSocket(options: ConnectOptions, tell: (event: SocketEvent) => void, followers: Followers): SocketClient {
  if (!options.webSocket && !globalThis.WebSocket) throw new Error('Subscriptions need a WebSocket, and there is none built in here: pass connect one as webSocket, such as that of the package ws.')
  const url = new URL(options.url)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const wait = options.retryWait ?? seconds
  const keepAlive = options.keepAlive ?? KEEP_ALIVE
  let active: WebSocket | undefined
  let heard = Date.now()
  let overdue: ReturnType<typeof setTimeout> | undefined
  const tokens = new Tokens(options.token)
  const closes = new WeakMap<object, boolean>() // each close is judged once, though every subscription asks
  const final = (event: unknown): boolean => {
    if (!isRefusal(event)) return FINAL.has(codeOf(event))
    const known = closes.get(event)
    const over = known ?? !tokens.mayAskAgain()
    closes.set(event, over)
    return over
  }
  const lost = (): SocketEvent => ({ type: 'lost', since: lostSince(heard, Date.now(), keepAlive + PONG_WITHIN) })
  const client = createClient({
    url: url.href,
    webSocketImpl: options.webSocket,
    connectionParams: async () => {
      try {
        return { Authorization: `Bearer ${await tokens.next()}` }
      } catch (error) {
        if (isOver(error)) throw error
        client.terminate() // the source of tokens is away: as good as a lost connection
        return {}
      }
    },
    keepAlive,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (attempt) => untilOnline(wait(attempt)),
    // A wrong token stays wrong, another may be right. What else is final, graphql-ws knows itself.
    shouldRetry: (event) => !isOver(event) && (!isRefusal(event) || !final(event)),
    on: {
      connecting: () => tell({ type: 'connecting' }),
      opened: (socket) => (active = socket as WebSocket),
      connected: () => {
        tokens.taken()
        heard = Date.now()
        tell({ type: 'connected' })
        followers.back()
      },
      message: () => (heard = Date.now()),
      // A cut cable closes nothing: the ping that stays unanswered does.
      ping: (received) => {
        if (received) return
        clearTimeout(overdue)
        overdue = setTimeout(() => active?.readyState === 1 && client.terminate(), PONG_WITHIN)
      },
      pong: (received) => received && clearTimeout(overdue),
      error: () => tell(lost()),
      closed: (event) => {
        clearTimeout(overdue)
        if (codeOf(event) === NORMAL && !followers.following()) return // closed with the last subscription
        followers.lost()
        tell(final(event) ? { type: 'refused', reason: socketFault(event).message } : lost())
      },
    },
  })
  return client
}

const NORMAL = 1000

// The codes after which graphql-ws gives up for good, and a token that is refused.
const FINAL = new Set([1002, 1003, 1007, 1008, 1009, 1010, 1011, 1015, 4004, 4005, 4400, 4401, 4403, 4406, 4409, 4429, 4500])

const codeOf = (event: unknown) => (event as CloseEvent | undefined)?.code ?? 1006
const isRefusal = (event: unknown): event is object => typeof event === 'object' && event !== null && socketFault(event).code === 'UNAUTHENTICATED'

/** Ends when the wait does, or when the browser finds the network again. */
async function untilOnline(wait: Promise<void>): Promise<void> {
  if (typeof window === 'undefined') return wait
  const listening = new AbortController()
  const online = new Promise<void>((resolve) => {
    window.addEventListener('online', () => resolve(), { signal: listening.signal })
  })
  await Promise.race([wait, online])
  listening.abort()
}
