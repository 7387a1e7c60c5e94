/** What a link to the playground holds: a document and its variables, and no header. */
export interface Shared {
  query: string
  variables: string
}

const LONGEST = 8000 // letters; longer addresses are cut by some programs
const SECRET = /eyJ[\w-]{8,}\.[\w-]+|sbk_\w+|\bBearer\s+\S+/

/** A link that opens the playground with this. Throws an Error for people when there can be none. */
export function shareLink({ query, variables }: Shared, page: string): string {
  if (!query.trim()) throw new Error('There is nothing to share: the editor is empty.')
  if (SECRET.test(query) || SECRET.test(variables)) throw new Error('There is a token in the text. Take it out first: links are passed on.')
  const parameters = new URLSearchParams({ query })
  if (variables.trim()) parameters.set('variables', variables)
  const link = `${new URL(page).origin}/playground#${parameters}`
  if (link.length > LONGEST) throw new Error('It is too long for a link. Send the text itself.')
  return link
}

/** What the fragment of an address shares; null for nothing. */
export function sharedIn(hash: string): Shared | null {
  const parameters = new URLSearchParams(hash.slice(1))
  const query = parameters.get('query')
  return query ? { query, variables: parameters.get('variables') ?? '' } : null
}
