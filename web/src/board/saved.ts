import { type Connection, type InboxView, type SavedViewsQuery, SavedViewsDocument } from '../../client/index'
import { useLooks } from './looks'

export type Saved = SavedViewsQuery['savedViews']['nodes'][number]

/** Every saved view that somebody may use. Rejects with a Fault. */
export async function allSaved(connection: Pick<Connection, 'execute'>): Promise<Saved[]> {
  const found: Saved[] = []
  for (let after: string | null = null; ; ) {
    const { savedViews }: SavedViewsQuery = await connection.execute(SavedViewsDocument, { after })
    found.push(...savedViews.nodes)
    if (!savedViews.pageInfo.hasNextPage || !savedViews.pageInfo.endCursor) return found
    after = savedViews.pageInfo.endCursor
  }
}

/** The saved views, looked at again like teams. */
export const useSaved = (connection: Connection, begun: Saved[], mark: unknown): Saved[] => useLooks(connection, allSaved, begun, mark, JSON.stringify)

/** The filter of a saved view as lists take it, so that it can be narrowed: what does not filter is left out. */
export const filterOf = ({ filter }: Pick<Saved, 'filter'>): InboxView => withoutNulls(filter) as InboxView

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (one === null || name === '__typename' ? [] : [[name, withoutNulls(one)]])))
}
