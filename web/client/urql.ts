import { type DocumentInput, type Exchange, formatDocument, gql, stringifyDocument, subscriptionExchange } from '@urql/core'
import { follow, type LiveQuery, run, type Sink } from './adapt.js'
import type { Desk } from './desk.js'

/** The context of a query of a list that is to stay right: `client.query(query, variables, live(changes))`, with a subscription to inboxChanges. */
export const live = (changes: DocumentInput): { live: string; requestPolicy: 'network-only' } => ({
  live: stringifyDocument(formatDocument(typeof changes === 'string' ? gql(changes) : changes)), // with the names of types, for caches
  requestPolicy: 'network-only',
})

/**
 * The last exchange. Subscriptions come back by themselves, each after the last cursor that it saw; missed runs if items
 * were missed for good. A query with the context live() gets an answer each time its list changes.
 */
export function switchboardExchange(desk: Desk, missed: () => void = () => {}): Exchange {
  const running = new Map<number, () => void>()
  return subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: (request, { key, context }) => ({
      subscribe: (sink) => {
        running.get(key)?.() // the same query again
        const query = request.query ?? ''
        const variables = (request.variables ?? {}) as Record<string, unknown>
        const changes: unknown = context['live']
        const stop =
          typeof changes === 'string'
            ? follow(desk, { query, changes, variables: variables as LiveQuery['variables'] }, (data) => sink.next({ data }), (fault) => sink.error(fault))
            : run(desk, query, variables, sink as Sink, missed)
        running.set(key, stop)
        return {
          unsubscribe: () => {
            if (running.get(key) === stop) running.delete(key)
            stop()
          },
        }
      },
    }),
  })
}

/** For graphcache: the past has no id. */
export const keys: Record<string, () => null> = { ConversationSnapshot: () => null }
