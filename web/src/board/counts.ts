import { useEffect, useState } from 'react'
import { type Connection, InboxCountsDocument } from '../../client/index'
import type { View } from './views'

/** How many conversations each view holds, by its key, live. */
export type Counts = Record<string, number>

const TOGETHER = 20 // views that the server counts at once
const MOST = 200 // views that are counted: a workspace with more teams than this has figures for the first

/** Follows the figures of some views. After a loss the streams begin with all of them. */
export function useCounts(connection: Connection, views: View[]): Counts {
  const [counts, setCounts] = useState<Counts>({})
  useEffect(() => {
    const stops: (() => void)[] = []
    for (let from = 0; from < Math.min(views.length, MOST); from += TOGETHER) {
      const some = views.slice(from, from + TOGETHER)
      stops.push(
        connection.subscribe(InboxCountsDocument, { views: some.map(({ filter }) => filter) }, {
          next: ({ inboxCounts }) => {
            const told = inboxCounts.counts.map(({ view, count }) => [some[view]!.key, count] as const)
            setCounts((before) => ({ ...before, ...Object.fromEntries(told) }))
          },
        }),
      )
    }
    return () => stops.forEach((stop) => stop())
  }, [connection, views])
  return counts
}
