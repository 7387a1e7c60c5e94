import { type ApolloClient, ApolloLink, type TypePolicies } from '@apollo/client'
import { type DocumentNode, print } from 'graphql'
import { Observable } from 'rxjs'
import { follow, type LiveQuery, run } from './adapt.js'
import type { Desk } from './desk.js'

/**
 * A terminating link. Subscriptions come back by themselves, each after the last cursor that it saw. If items were missed
 * for good, missed runs: unless another is given, it fetches all active queries again.
 */
export function switchboardLink(desk: Desk, missed = (operation: ApolloLink.Operation): void => void operation.client.refetchQueries({ include: 'active' })): ApolloLink {
  return new ApolloLink(
    (operation) => new Observable((observer) => run(desk, print(operation.query), operation.variables, observer as never, () => missed(operation))),
  )
}

/** For InMemoryCache: a conversation never goes back to an older revision, and the past has no id. */
export const typePolicies: TypePolicies = {
  Conversation: {
    merge: (old, next, { readField, mergeObjects }) => ((readField<number>('revision', old) ?? 0) > (readField<number>('revision', next) ?? Infinity) ? old : mergeObjects(old, next)),
  },
  ConversationSnapshot: { keyFields: false },
}

/**
 * Keeps the answer of a query right in the cache: useQuery(query, { variables }) shows it. Returns how to stop. The right
 * to see the list may be lost: then the list is empty, and nothing more comes.
 */
export function liveQuery(desk: Desk, client: ApolloClient, live: { query: DocumentNode; changes: DocumentNode; variables: LiveQuery['variables'] }): () => void {
  const text = (document: DocumentNode) => print(client.cache.transformDocument(document))
  const { query, changes, variables } = live
  return follow(desk, { query: text(query), changes: text(changes), variables }, (data) => void client.cache.writeQuery({ query, variables, data, overwrite: true }), () => {})
}
