/** Ids of this workspace, by what the examples call them. */
export interface Ids {
  conversation?: string
  queued?: string
  mine?: string
  colleagues?: string
  ai?: string
  member?: string
  team?: string
}

/** What is asked for to fill ids in. */
export const IDS_QUERY = `{
  viewer { member { id } }
  any: conversations(view: { statuses: [OPEN] }, first: 1) { nodes { id } }
  queued: conversations(view: { list: QUEUED }, first: 1) { nodes { id } }
  mine: conversations(view: { list: MINE, statuses: [OPEN] }, first: 1) { nodes { id } }
  people: conversations(view: { statuses: [OPEN], handlers: [HUMAN] }, first: 20) { nodes { id assignee { id } } }
  ai: conversations(view: { statuses: [OPEN], handlers: [AI], kinds: [LIVECHAT] }, first: 1) { nodes { id } }
  members(first: 20) { nodes { id availability } }
  teams(first: 1) { nodes { id } }
}`

interface Answer {
  viewer?: { member?: { id: string } | null } | null
  [list: string]: unknown
}

type Node = { id: string; assignee?: { id: string } | null; availability?: string }

/** The ids in an answer to IDS_QUERY. What may not be read, or is not there, is left out. */
export function idsIn(answer: Answer | null | undefined): Ids {
  const nodes = (list: string) => (answer?.[list] as { nodes?: Node[] } | null | undefined)?.nodes ?? []
  const me = answer?.viewer?.member?.id
  const members = nodes('members').filter(({ id }) => id !== me)
  const found: Record<keyof Ids, string | undefined> = {
    conversation: nodes('any')[0]?.id, queued: nodes('queued')[0]?.id, mine: nodes('mine')[0]?.id,
    colleagues: nodes('people').find(({ assignee }) => assignee && assignee.id !== me)?.id, ai: nodes('ai')[0]?.id,
    member: (members.find(({ availability }) => availability === 'ONLINE') ?? members[0])?.id, team: nodes('teams')[0]?.id,
  }
  return Object.fromEntries(Object.entries(found).filter(([, id]) => id))
}

const CALLED: [RegExp, keyof Ids][] = [
  [/^id of a queued conversation/, 'queued'],
  [/^id of a conversation of mine/, 'mine'],
  [/^id of a colleague's conversation/, 'colleagues'],
  [/^id of a chat the AI agent/, 'ai'],
  [/^id of a conversation/, 'conversation'],
  [/^id of a member/, 'member'],
  [/^id of a team/, 'team'],
]

/** Variables with the ids in the places of words such as "id of a member", and the words for which there was none. */
export function filled(variables: string, ids: Ids): { text: string; filled: number; missing: string[] } {
  let count = 0
  const missing: string[] = []
  const text = variables.replace(/"(id of [^"\\]*)"/g, (whole, words: string) => {
    const name = CALLED.find(([called]) => called.test(words))?.[1]
    const id = name && ids[name]
    if (!id) {
      missing.push(words.replace(/, from the tab.*/, ''))
      return whole
    }
    count++
    return JSON.stringify(id)
  })
  return { text, filled: count, missing }
}
