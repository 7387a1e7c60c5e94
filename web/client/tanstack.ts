import { hashKey, type QueryClient, type QueryFunctionContext } from '@tanstack/query-core'
import type { Desk } from './desk.js'
import type { InboxView, RowFragment } from './generated/graphql.js'
import type { Listed } from './list.js'
import type { ListOptions, LiveList } from './liveList.js'

export type ListKey = readonly ['switchboard', 'list', InboxView, unknown, number | undefined]

/** The options of useQuery for a list that stays right. Its data is the array of rows; it is followed until the query is removed from the client. */
export function liveList<Row extends Listed = RowFragment>(desk: Desk, view: InboxView, options: ListOptions<Row> = {}) {
  const queryKey: ListKey = ['switchboard', 'list', view, options.orderBy, options.first]
  const lists = new WeakMap<QueryClient, LiveList<Row>>()
  const queryFn = ({ client }: Pick<QueryFunctionContext<ListKey>, 'client'>): Promise<readonly Row[]> => {
    const list = lists.get(client) ?? begun(client)
    return arrived(list)
  }
  function begun(client: QueryClient): LiveList<Row> {
    const list = desk.list<Row>(view, options)
    lists.set(client, list)
    list.subscribe(() => list.state.get().list && client.setQueryData(queryKey, list.get()))
    const hash = hashKey(queryKey)
    const stop = client.getQueryCache().subscribe(({ type, query }) => {
      if (type !== 'removed' || query.queryHash !== hash) return
      stop()
      list.close()
      lists.delete(client)
    })
    return list
  }
  return { queryKey, queryFn, staleTime: Number.POSITIVE_INFINITY, structuralSharing: false as const }
}

/** Resolves to the rows once they are there; rejects if they never will be. */
function arrived<Row extends Listed>(list: LiveList<Row>): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const { list: held, over, fault } = list.state.get()
      if (held && !over) resolve(list.get())
      else if (over) reject(fault)
      else return false
      return true
    }
    if (look()) return
    const stop = list.subscribe(() => look() && stop())
  })
}
