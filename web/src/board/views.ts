import type { ConversationKind, InboxView } from '../../client'
import type { IconName } from '../design/Icon'

/** A list that somebody can choose on the left. */
export interface View {
  /** Its part of the address. */
  key: string
  label: string
  icon: IconName
  filter: InboxView
  group: 'Inbox' | 'Everybody' | 'Teams'
}

const unclosed: InboxView = { statuses: ['OPEN', 'UNSET'] }

const fixed: View[] = [
  { key: 'mine', label: 'Mine', icon: 'person', group: 'Inbox', filter: { list: 'MINE', ...unclosed } },
  { key: 'unassigned', label: 'Unassigned', icon: 'hand', group: 'Inbox', filter: { list: 'UNASSIGNED' } },
  { key: 'waiting', label: 'Waiting', icon: 'clock', group: 'Inbox', filter: { list: 'QUEUED' } },
  { key: 'my-teams', label: 'My teams', icon: 'people', group: 'Inbox', filter: { list: 'MY_TEAMS', ...unclosed } },
  { key: 'open', label: 'All open', icon: 'inbox', group: 'Everybody', filter: unclosed },
  { key: 'ai', label: 'With AI', icon: 'spark', group: 'Everybody', filter: { handlers: ['AI'], ...unclosed } },
  { key: 'closed', label: 'Closed', icon: 'check', group: 'Everybody', filter: { statuses: ['CLOSED'] } },
]

const MOST = 20 // views that the server counts at once

/** The views of somebody in a workspace with these teams. */
export function viewsOf(teams: { id: string; name: string }[]): View[] {
  const ofTeams = teams.map((team): View => ({
    key: `team-${team.name.toLowerCase()}`,
    label: team.name,
    icon: 'people',
    group: 'Teams',
    filter: { teamIds: [team.id], ...unclosed },
  }))
  return [...fixed, ...ofTeams].slice(0, MOST)
}

export type KindFilter = ConversationKind | 'ALL'

/** A view, narrowed by what was typed and chosen above the list. */
export function narrowed(filter: InboxView, kind: KindFilter, search: string): InboxView {
  const words = search.trim()
  return { ...filter, ...(kind !== 'ALL' && { kinds: [kind] }), ...(words && { search: words }) }
}
