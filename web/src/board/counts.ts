import { useEffect, useState } from 'react'
import { type Connection, InboxCountsDocument } from '../../client'
import type { View } from './views'

/** How many conversations each view holds, by its key, live. */
export type Counts = Record<string, number>

/** Follows the figures of some views. After a loss the stream begins with all of them. */
export function useCounts(connection: Connection, views: View[]): Counts {
  const [counts, setCounts] = useState<Counts>({})
  useEffect(() => {
    const asked = views.map(({ filter }) => filter)
    return connection.subscribe(InboxCountsDocument, { views: asked }, {
      next: ({ inboxCounts }) => {
        const told = inboxCounts.counts.map(({ view, count }) => [views[view]!.key, count] as const)
        setCounts((before) => ({ ...before, ...Object.fromEntries(told) }))
      },
    })
  }, [connection, views])
  return counts
}
