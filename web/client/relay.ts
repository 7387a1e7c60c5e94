import { type ConcreteRequest, createOperationDescriptor, type IEnvironment, Network, Observable } from 'relay-runtime'
import { follow, type LiveQuery, run } from './adapt.js'
import type { Desk } from './desk.js'

/**
 * The network of an environment. Subscriptions come back by themselves, each after the last cursor that it saw; missed
 * runs with the operation's name if items were missed for good: fetch again then.
 */
export function switchboardNetwork(desk: Desk, missed: (name: string) => void = () => {}): ReturnType<typeof Network.create> {
  const execute = (request: { text?: string | null | undefined; name: string }, variables: Record<string, unknown>) =>
    Observable.create<never>((sink) => run(desk, textOf(request), variables, { next: (answer) => sink.next(answer as never), error: sink.error, complete: sink.complete }, () => missed(request.name)))
  return Network.create(execute, execute)
}

/** Keeps the answer of a query right in the store: useLazyLoadQuery with store-only shows it. Returns how to stop. */
export function liveQuery(desk: Desk, environment: IEnvironment, live: { query: ConcreteRequest; changes: ConcreteRequest; variables: LiveQuery['variables'] }): () => void {
  const { query, changes, variables } = live
  const operation = createOperationDescriptor(query, variables as Record<string, unknown>)
  const retained = environment.retain(operation)
  const write = (data: Record<string, unknown>) => environment.commitPayload(operation, data as never)
  const stop = follow(desk, { query: textOf(query.params), changes: textOf(changes.params), variables }, write, () => {})
  return () => (stop(), retained.dispose())
}

function textOf({ text, name }: { text?: string | null | undefined; name: string }): string {
  if (!text) throw new Error(`The operation ${name} has no text: compile it without persisted queries, or give the server its documents.`)
  return text
}
