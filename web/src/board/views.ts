import type { ConversationKind, InboxView } from '../../client/index'
import type { IconName } from '../design/Icon'
import { NEWEST, type Order } from './list'
import { filterOf, type Saved } from './saved'

/** A list that somebody can choose on the left. */
export interface View {
  /** Its part of the address. */
  key: string
  label: string
  icon: IconName
  filter: InboxView
  group: 'Inbox' | 'Everybody' | 'Saved' | 'Teams'
  /** What it is sorted by until somebody chooses. */
  order: Order
}

/** What a list can be sorted by, in words. */
export const ORDERS: { key: string; label: string; order: Order }[] = [
  { key: 'newest', label: 'Newest first', order: NEWEST },
  { key: 'oldest', label: 'Oldest first', order: { field: 'LAST_ACTIVITY', direction: 'ASC' } },
  { key: 'unanswered', label: 'Longest without an answer', order: { field: 'AWAITING_REPLY', direction: 'ASC' } },
  { key: 'waiting', label: 'Longest in line', order: { field: 'WAITING', direction: 'ASC' } },
  { key: 'created', label: 'Begun last', order: { field: 'CREATED', direction: 'DESC' } },
]

/** The key of an order that a saved view has and that list has not. */
export const OWN = 'own'

/** The key of an order in that list, or OWN. */
export const orderKey = (order: Order): string => ORDERS.find(({ order: { field, direction } }) => field === order.field && direction === order.direction)?.key ?? OWN

const LONGEST_WAIT: Order = { field: 'WAITING', direction: 'ASC' }
const unclosed: InboxView = { statuses: ['OPEN', 'UNSET'] }

const fixed: View[] = [
  { key: 'mine', label: 'Mine', icon: 'person', group: 'Inbox', filter: { list: 'MINE', ...unclosed }, order: NEWEST },
  { key: 'unassigned', label: 'Unassigned', icon: 'hand', group: 'Inbox', filter: { list: 'UNASSIGNED' }, order: NEWEST },
  { key: 'waiting', label: 'Waiting', icon: 'clock', group: 'Inbox', filter: { list: 'QUEUED' }, order: LONGEST_WAIT },
  { key: 'offered-to-me', label: 'Offered to me', icon: 'swap', group: 'Inbox', filter: { list: 'OFFERED_TO_ME' }, order: NEWEST },
  { key: 'offered-by-me', label: 'Offered by me', icon: 'swap', group: 'Inbox', filter: { list: 'OFFERED_BY_ME' }, order: NEWEST },
  { key: 'snoozed', label: 'Snoozed', icon: 'clock', group: 'Inbox', filter: { list: 'SNOOZED' }, order: NEWEST },
  { key: 'my-teams', label: 'My teams', icon: 'people', group: 'Inbox', filter: { list: 'MY_TEAMS', ...unclosed }, order: NEWEST },
  { key: 'open', label: 'All open', icon: 'inbox', group: 'Everybody', filter: unclosed, order: NEWEST },
  { key: 'people', label: 'With people', icon: 'person', group: 'Everybody', filter: { handlers: ['HUMAN'], ...unclosed }, order: NEWEST },
  { key: 'ai', label: 'With AI', icon: 'spark', group: 'Everybody', filter: { handlers: ['AI'], ...unclosed }, order: NEWEST },
  { key: 'closed', label: 'Closed', icon: 'check', group: 'Everybody', filter: { statuses: ['CLOSED'] }, order: NEWEST },
]

/** The views of somebody in a workspace with these teams and saved views. A team's is found by its id, which keeps when its name changes. */
export function viewsOf(teams: readonly { id: string; name: string }[], saved: readonly Saved[] = []): View[] {
  const ofTeams = teams.map(({ id, name }): View => ({
    key: teamKey(id),
    label: name,
    icon: 'people',
    group: 'Teams',
    filter: { teamIds: [id], ...unclosed },
    order: NEWEST,
  }))
  const ofSaved = saved.map((one): View => ({ key: `saved:${one.id}`, label: one.name, icon: 'star', group: 'Saved', filter: filterOf(one), order: one.orderBy }))
  return [...fixed, ...ofSaved, ...ofTeams]
}

const teamKey = (id: string) => `team:${id}`

/** The view that an address names: by its key, or null when there is none. */
export const viewOf = (views: readonly View[], key: string | null): View | null => views.find((view) => view.key === key) ?? null

/** Where somebody begins who named no view: the first with something in it. Null until that is known. */
export function beginning(views: readonly View[], counts: Readonly<Record<string, number>>): View | null {
  for (const view of views) {
    const count = counts[view.key]
    if (count === undefined) return view.group === 'Teams' || view.group === 'Saved' ? views[0]! : null
    if (count > 0) return view
  }
  return views[0] ?? null
}

export type KindFilter = ConversationKind | 'ALL'

/** What was chosen and typed above a list. */
export interface Choice {
  kind: KindFilter
  search: string
  /** Only what the visitor awaits an answer to. */
  awaiting: boolean
  /** Only what the viewer has starred. */
  starred: boolean
}

export const NO_CHOICE: Choice = { kind: 'ALL', search: '', awaiting: false, starred: false }

/** A view, narrowed by what was typed and chosen above the list. */
export function narrowed(filter: InboxView, { kind, search, awaiting, starred }: Choice): InboxView {
  const words = search.trim()
  return { ...filter, ...(kind !== 'ALL' && { kinds: [kind] }), ...(words && { search: words }), ...(awaiting && { awaitingReply: true }), ...(starred && { starred: true }) }
}
