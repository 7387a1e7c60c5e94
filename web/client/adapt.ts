import type { Connection } from './connection.js'
import type { Desk } from './desk.js'
import type { Fault } from './faults.js'
import type { InboxView } from './generated/graphql.js'
import type { Listed, Order } from './list.js'
import type { Answer } from './request.js'

/** What a GraphQL library listens with. */
export interface Sink {
  next: (answer: Answer) => void
  error: (fault: Fault) => void
  complete: () => void
}

/**
 * Runs an operation for a GraphQL library: a subscription over the socket, which comes back by itself, anything else by
 * HTTP. missed hears when items of a subscription were missed for good. Returns how to stop.
 */
export function run(desk: Connection, query: string, variables: Record<string, unknown>, sink: Sink, missed: () => void): () => void {
  if (/^\s*subscription\b/m.test(query)) {
    return desk.subscribe<object, object>(query as never, variables, {
      next: (data) => sink.next({ data: data as Record<string, unknown> }),
      missed,
      ended: (fault) => (fault ? sink.error(fault) : sink.complete()),
    })
  }
  let stopped = false
  const unlessStopped = <Value>(then: (value: Value) => void) => (value: Value) => void (stopped || then(value))
  desk.request(query, variables).then(unlessStopped((answer) => (sink.next(answer), sink.complete())), unlessStopped(sink.error))
  return () => void (stopped = true)
}

/** A query of a list, with the subscription that keeps it right. Both need the fields that a list needs: see ListDocuments. */
export interface LiveQuery {
  /** The text of a query of `conversations`, with the variables of Conversations. */
  query: string
  /** The text of a subscription to `inboxChanges`, with the variables `view` and `after`. */
  changes: string
  variables: { view: InboxView; orderBy?: Order; first?: number }
}

/** Writes the answer of a query each time its list changes: what the server would answer now. Returns how to stop. failed hears why nothing more comes. */
export function follow(desk: Desk, { query, changes, variables }: LiveQuery, write: (data: Record<string, unknown>) => void, failed: (fault: Fault) => void): () => void {
  const { view, ...options } = variables
  const list = desk.list<Listed>(view, { ...options, documents: { page: query as never, changes: changes as never } })
  let written: unknown
  list.subscribe(() => {
    const { rows, over, fault, list: held } = list.state.get()
    if (held && rows !== written) write(list.answer() as Record<string, unknown>)
    if (held) written = rows
    if (over && fault) failed(fault)
  })
  return list.close
}
