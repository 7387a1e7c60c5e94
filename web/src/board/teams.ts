import { useEffect, useRef, useState } from 'react'
import { type Connection, type TeamsQuery, TeamsDocument } from '../../client'

export type Team = TeamsQuery['teams']['nodes'][number]

const LOOKS_EVERY = 30_000 // milliseconds; no stream tells of new and removed teams

/** Every team of the workspace, however many there are. Rejects with a Fault. */
export async function allTeams(connection: Pick<Connection, 'execute'>): Promise<Team[]> {
  const found: Team[] = []
  for (let after: string | null = null; ; ) {
    const { teams }: TeamsQuery = await connection.execute(TeamsDocument, { after })
    found.push(...teams.nodes)
    if (!teams.pageInfo.hasNextPage || !teams.pageInfo.endCursor) return found
    after = teams.pageInfo.endCursor
  }
}

/** The teams, looked at again now and then, when the page is seen again, and when mark changes. The same teams are the same array. */
export function useTeams(connection: Connection, begun: Team[], mark: unknown): Team[] {
  const [teams, setTeams] = useState(begun)
  const looked = useRef(mark) // begun is as new as the first mark
  useEffect(() => {
    let over = false
    const look = () =>
      allTeams(connection).then(
        (found) => over || setTeams((before) => (same(before, found) ? before : found)),
        () => undefined, // the next look finds them
      )
    const seen = () => void (document.visibilityState === 'visible' && look())
    const timer = setInterval(seen, LOOKS_EVERY)
    document.addEventListener('visibilitychange', seen)
    if (looked.current !== mark) void look()
    looked.current = mark
    return () => {
      over = true
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [connection, mark])
  return teams
}

const namesOf = (teams: Team[]) => JSON.stringify(teams.map(({ id, name }) => [id, name]))
const same = (a: Team[], b: Team[]) => namesOf(a) === namesOf(b)
