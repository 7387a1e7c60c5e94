import { type Connection, type TeamsQuery, TeamsDocument } from '../../client/index'
import { useLooks } from './looks'

export type Team = TeamsQuery['teams']['nodes'][number]

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
export const useTeams = (connection: Connection, begun: Team[], mark: unknown): Team[] => useLooks(connection, allTeams, begun, mark, namesOf)

const namesOf = (teams: Team[]) => JSON.stringify(teams.map(({ id, name }) => [id, name]))
