import { createGraphiQLFetcher, type Fetcher, type FetcherOpts } from '@graphiql/toolkit'
import { type Client, createClient } from 'graphql-ws'
import type { Acting } from './acting'
import { canonical } from './headers'
import type { Runs } from './runs'

type Headers = NonNullable<FetcherOpts['headers']>

const FORBIDDEN = 4403

/**
 * Queries and mutations go as POST. A subscription opens a graphql-transport-ws socket of its own,
 * and its connection_init carries what the headers editor held when it was started.
 * The schema is asked for before that editor exists: schemaHeaders are sent in its place.
 */
export function createFetcher(endpoint: string, acting: Acting, runs: Runs, schemaHeaders?: Headers): Fetcher {
  return async (params, options) => {
    const introspects = params.operationName === 'IntrospectionQuery'
    const own = canonical(options?.headers ?? (introspects ? schemaHeaders : undefined) ?? {})
    const run = introspects ? null : runs.begin()
    try {
      const wsClient = socket(endpoint, (refused) => acting.complete(own, refused))
      const send = createGraphiQLFetcher({ url: endpoint, wsClient, enableIncrementalDelivery: false, fetch: measured(run) })
      const answer = await send(params, { ...options, headers: await acting.complete(own) })
      return Symbol.asyncIterator in answer ? logged(explained(answer), run) : answer
    } catch (error) {
      run?.failed()
      throw error
    }
  }
}

type Noted = ReturnType<Runs['begin']> | null

/** fetch, with the time and the size of the answer noted. */
function measured(run: Noted): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const body = await response.clone().arrayBuffer()
    run?.answered(response.status, body.byteLength)
    return response
  }
}

/** Notes the items of a subscription as they pass. */
async function* logged<Item>(items: AsyncIterable<Item>, run: Noted): AsyncGenerator<Item> {
  run?.listening()
  try {
    for await (const item of items) {
      run?.item(item)
      yield item
    }
  } catch (error) {
    run?.failed((error as { code?: number }).code ?? null)
    throw error
  } finally {
    run?.ended()
  }
}

/** A client for one subscription. It opens nothing until it is used, and closes when that ends. */
function socket(endpoint: string, headers: (refused?: string) => Promise<Headers>): Client {
  const url = new URL(endpoint, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  let connected = false
  let last: string | undefined
  let refused: string | undefined
  return createClient({
    url: url.href,
    connectionParams: async () => {
      const params = await headers(refused)
      last = String((params as Record<string, unknown>)['Authorization'] ?? '').replace(/^Bearer /, '')
      return params as Record<string, unknown>
    },
    on: { connected: () => ((connected = true), (refused = undefined)) },
    // A restart of the server is waited out. A socket that was refused is reported at once, instead of being
    // tried for half a minute; a token that was taken before may be renewed once.
    shouldRetry: (event) => {
      if (!connected || !(event instanceof CloseEvent)) return false
      if (event.code !== FORBIDDEN) return true
      const again = refused === undefined
      refused = last
      return again
    },
  })
}

/** A socket that cannot be opened fails with a bare Event, which says nothing on the screen. */
async function* explained<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items
  } catch (error) {
    if (!(error instanceof Event)) throw error
    throw new Error('The WebSocket could not be opened. Is the server running, and does a proxy let WebSockets through?')
  }
}
