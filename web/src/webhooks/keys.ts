import { useEffect, useState } from 'react'
import { ApiKeyChoicesDocument, type ApiKeyChoicesQuery, type Connection, Fault } from '../../client/index'

export type Key = ApiKeyChoicesQuery['apiKeys']['nodes'][number]

/** The API keys that an endpoint can act as; null until they are known. */
export function useKeys(connection: Connection): { keys: Key[] | null; fault: Fault | null } {
  const [keys, setKeys] = useState<Key[] | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  useEffect(() => {
    let over = false
    allKeys(connection).then(
      (found) => over || setKeys(found),
      (error: unknown) => over || setFault(error instanceof Fault ? error : new Fault(String(error), 'BUG')),
    )
    return () => {
      over = true
    }
  }, [connection])
  return { keys, fault }
}

async function allKeys(connection: Connection): Promise<Key[]> {
  const out: Key[] = []
  for (let after: string | null = null; ; ) {
    const { apiKeys }: ApiKeyChoicesQuery = await connection.execute(ApiKeyChoicesDocument, { after })
    out.push(...apiKeys.nodes.filter(({ revokedAt }) => !revokedAt))
    if (!apiKeys.pageInfo.hasNextPage) return out
    after = apiKeys.pageInfo.endCursor
  }
}
