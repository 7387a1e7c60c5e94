import { ownWord, program } from './here'

type Variables = Record<string, unknown>

interface Config {
  signIns: { label: string; token: string; name: string }[]
}

/** Somebody of the demo who calls the API without a page. */
export interface Caller {
  ask: (query: string, variables?: Variables) => Promise<any>
  token: string
}

const configs = new Map<string, Promise<Config>>()

/** Signs in as a demo person, such as "demo manager@demo.test". */
export async function as(label: string, origin = program()): Promise<Caller> {
  const token = (await signIns(origin)).find((signIn) => signIn.label === label)?.token
  if (!token) throw new Error(`nobody is called ${label}`)
  return { token, ask: (query, variables) => ask(`${origin}/graphql`, token, query, variables) }
}

async function signIns(origin = program()): Promise<Config['signIns']> {
  const known = configs.get(origin) ?? fetch(`${origin}/config.json`).then((answer) => answer.json() as Promise<Config>)
  configs.set(origin, known)
  return (await known).signIns
}

/** The label of a demo person, by name. */
export async function labelOf(person: string): Promise<string> {
  const label = (await signIns()).find(({ name }) => name === person)?.label
  if (!label) throw new Error(`the demo has no ${person}`)
  return label
}

async function ask(url: string, token: string, query: string, variables: Variables = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data?: Record<string, { userErrors?: unknown[] }>; errors?: unknown[] }
  const refused = Object.values(data ?? {}).flatMap((field) => field?.userErrors ?? [])
  if (errors || refused.length > 0) throw new Error(JSON.stringify(errors ?? refused))
  return data
}

export interface Made {
  id: string
  subject: string
}

/** Makes a ticket of somebody, by name, or of a team's queue, with a subject that no other has. */
export async function ticket(to: { member: string } | { team: string }, about = 'A question'): Promise<Made> {
  const manager = await as('demo owner@demo.test')
  const subject = `${about} ${ownWord()}`
  const target = 'member' in to ? { memberId: await memberId(to.member) } : { teamId: await teamId(to.team) }
  const data = await manager.ask(
    `mutation($input: CreateTicketInput!) { createTicket(input: $input) { conversation { id } userErrors { code message } } }`,
    { input: { subject, contact: { name: 'Vera Visitor', email: 'vera@visitors.test' }, to: target } },
  )
  return { id: data.createTicket.conversation.id, subject }
}

export async function memberId(name: string): Promise<string> {
  const { members } = await (await as('demo owner@demo.test')).ask(`query($search: String) { members(search: $search, first: 1) { nodes { id } } }`, { search: name })
  return members.nodes[0].id
}

export async function teamId(name: string): Promise<string> {
  const { teams } = await (await as('demo owner@demo.test')).ask(`{ teams(first: 100) { nodes { id name } } }`)
  return teams.nodes.find((team: { name: string }) => team.name === name).id
}

const PAYLOAD = `{ conversation { id } userErrors { code message } }`

export const claim = (by: Caller, { id }: Made) =>
  by.ask(`mutation($input: ConversationInput!) { claimConversation(input: $input) ${PAYLOAD} }`, { input: { conversationId: id } })

export const leave = (by: Caller, { id }: Made) =>
  by.ask(`mutation($input: ConversationInput!) { leaveConversation(input: $input) ${PAYLOAD} }`, { input: { conversationId: id } })

export const takeOver = (by: Caller, { id }: Made) =>
  by.ask(`mutation($input: TakeOverConversationInput!) { takeOverConversation(input: $input) ${PAYLOAD} }`, { input: { conversationId: id } })

export const say = (by: Caller, { id }: Made, body: string) =>
  by.ask(`mutation($input: SendMessageInput!) { sendMessage(input: $input) ${PAYLOAD} }`, { input: { conversationId: id, body } })

/** The global id of a member of any workspace, as somebody of it sees it. */
export async function idOf(by: Caller, name: string): Promise<string> {
  const { members } = await by.ask(`query($search: String) { members(search: $search, first: 1) { nodes { id } } }`, { search: name })
  return members.nodes[0].id
}

const MEMBER = `{ member { id } userErrors { code message } }`

export const setRoles = (by: Caller, id: string, roles: string[]) =>
  by.ask(`mutation($input: UpdateMemberInput!) { updateMember(input: $input) ${MEMBER} }`, { input: { id, roles } })

export const removeMember = (by: Caller, id: string) =>
  by.ask(`mutation($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId userErrors { code message } } }`, { input: { id } })

export const setAvailability = (by: Caller, availability: 'ONLINE' | 'AWAY' | 'OFFLINE') =>
  by.ask(`mutation($input: SetAvailabilityInput!) { setAvailability(input: $input) { member { id } userErrors { code message } } }`, { input: { availability } })

/** Makes a team, or many. Answers their ids. */
export async function teams(by: Caller, names: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const name of names) {
    const { createTeam } = await by.ask(`mutation($input: CreateTeamInput!) { createTeam(input: $input) { team { id } userErrors { code message } } }`, { input: { name } })
    ids.push(createTeam.team.id)
  }
  return ids
}

export const deleteTeam = (by: Caller, id: string) =>
  by.ask(`mutation($input: DeleteTeamInput!) { deleteTeam(input: $input) { deletedTeamId userErrors { code message } } }`, { input: { id } })

export const transfer = (by: Caller, { id }: Made, to: { memberId: string } | { teamId: string }, note: string) =>
  by.ask(`mutation($input: TransferConversationInput!) { transferConversation(input: $input) ${PAYLOAD} }`, { input: { conversationId: id, to, note } })

/** Offers what one owns to a member or a team, who has to accept it within some seconds. */
export const offer = (by: Caller, { id }: Made, to: string | { teamId: string }, note: string, seconds = 600) =>
  by.ask(`mutation($input: TransferConversationInput!) { transferConversation(input: $input) ${PAYLOAD} }`, {
    input: { conversationId: id, to: typeof to === 'string' ? { memberId: to } : to, note, offer: true, offerTimeout: seconds },
  })

export const close = (by: Caller, { id }: Made) =>
  by.ask(`mutation($input: SetStatusInput!) { setConversationStatus(input: $input) ${PAYLOAD} }`, { input: { conversationId: id, status: 'CLOSED' } })

/** How many conversations of a view there are for somebody. */
export async function countOf(by: Caller, view: object): Promise<number> {
  const { inboxCounts } = await by.ask(`query($views: [InboxView!]!) { inboxCounts(views: $views) { count } }`, { views: [view] })
  return inboxCounts[0].count
}

type Said = { body: string; author: { __typename: string } }

/** A conversation as the owner of the workspace sees it, with its newest messages, oldest first. */
export async function seen({ id }: Made): Promise<{ status: string; version: number; owner: string | null; said: string[] }> {
  const { conversation } = await (await as('demo owner@demo.test')).ask(
    `query($id: ID!) { conversation(id: $id) { status version assignee { name } messages(last: 100) { nodes { body author { __typename } } } } }`,
    { id },
  )
  const { status, version, assignee, messages } = conversation
  return { status, version, owner: assignee?.name ?? null, said: messages.nodes.filter(({ author }: Said) => author.__typename !== 'SystemActor').map(({ body }: Said) => body) }
}

/** Puts what one owns aside for some seconds. */
export const snooze = (by: Caller, { id }: Made, seconds: number) =>
  by.ask(`mutation($input: SnoozeConversationInput!) { snoozeConversation(input: $input) ${PAYLOAD} }`, {
    input: { conversationId: id, until: { time: new Date(Date.now() + seconds * 1000).toISOString() } },
  })

/** Makes a team whose members take conversations themselves, so that an offer asks all of them. Answers its id. */
export async function voluntary(name: string, members: string[]): Promise<string> {
  const memberIds = await Promise.all(members.map(memberId))
  const { createTeam } = await (await as('demo owner@demo.test')).ask(
    `mutation($input: CreateTeamInput!) { createTeam(input: $input) { team { id } userErrors { code message } } }`,
    { input: { name, method: 'VOLUNTARY', memberIds } },
  )
  return createTeam.team.id
}
