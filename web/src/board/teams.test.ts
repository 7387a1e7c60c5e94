import { expect, test } from 'vitest'
import { allTeams, type Team } from './teams'

test('every team is fetched, however many pages they fill', async () => {
  const all = Array.from({ length: 340 }, (_, index): Team => ({ id: `${index}`, name: `Team ${index}`, members: { totalCount: 1 } }))
  const asked: (string | null)[] = []
  const connection = {
    execute: (_document: unknown, { after }: { after: string | null }) => {
      asked.push(after)
      const from = after === null ? 0 : Number(after)
      const end = Math.min(all.length, from + 100)
      return Promise.resolve({ teams: { nodes: all.slice(from, end), pageInfo: { hasNextPage: end < all.length, endCursor: String(end) } } })
    },
  }
  expect(await allTeams(connection as never)).toEqual(all)
  expect(asked).toEqual([null, '100', '200', '300'])
})
