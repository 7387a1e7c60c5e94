import { createGraphiQLFetcher, type Fetcher, type FetcherOpts } from '@graphiql/toolkit'
import { canonical } from './headers'

/**
 * Queries and mutations go as POST. A subscription opens a graphql-transport-ws socket of its own,
 * and its connection_init carries what the headers editor held when it was started.
 * The schema is asked for before that editor exists: schemaHeaders are sent in its place.
 */
export function createFetcher(endpoint: string, schemaHeaders?: FetcherOpts['headers']): Fetcher {
  const send = createGraphiQLFetcher({
    url: endpoint,
    subscriptionUrl: socketURL(endpoint),
    enableIncrementalDelivery: false,
  })
  return (params, options) => {
    const fallback = params.operationName === 'IntrospectionQuery' ? schemaHeaders : undefined
    const headers = options?.headers ?? fallback
    return send(params, { ...options, headers: headers && canonical(headers) })
  }
}

/** The endpoint on the page's own host, as ws: or wss:. */
function socketURL(endpoint: string): string {
  const url = new URL(endpoint, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}
