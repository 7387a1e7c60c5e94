import { createGraphiQLFetcher, type Fetcher, type FetcherOpts } from '@graphiql/toolkit'
import { type Client, createClient } from 'graphql-ws'
import { canonical } from './headers'

type Headers = NonNullable<FetcherOpts['headers']>

const FORBIDDEN = 4403

/**
 * Queries and mutations go as POST. A subscription opens a graphql-transport-ws socket of its own,
 * and its connection_init carries what the headers editor held when it was started.
 * The schema is asked for before that editor exists: schemaHeaders are sent in its place.
 */
export function createFetcher(endpoint: string, schemaHeaders?: Headers): Fetcher {
  return async (params, options) => {
    const fallback = params.operationName === 'IntrospectionQuery' ? schemaHeaders : undefined
    const headers = canonical(options?.headers ?? fallback ?? {})
    const wsClient = socket(endpoint, headers)
    const send = createGraphiQLFetcher({ url: endpoint, wsClient, enableIncrementalDelivery: false })
    const answer = await send(params, { ...options, headers })
    return Symbol.asyncIterator in answer ? explained(answer) : answer
  }
}

/** A client for one subscription. It opens nothing until it is used, and closes when that ends. */
function socket(endpoint: string, connectionParams: Headers): Client {
  const url = new URL(endpoint, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  let connected = false
  return createClient({
    url: url.href,
    connectionParams,
    on: { connected: () => (connected = true) },
    // A restart of the server is waited out. A socket that was refused is
    // reported at once, instead of being tried for half a minute.
    shouldRetry: (event) => connected && event instanceof CloseEvent && event.code !== FORBIDDEN,
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
