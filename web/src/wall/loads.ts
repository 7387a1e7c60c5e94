import type { WorkloadsSubscription } from '../../client/index'

export type LoadsChange = WorkloadsSubscription['workloads']

/** What one member has to do. */
export interface Load {
  id: string
  name: string
  open: number
  /** To how many the rules may bring the member. */
  cap: number
  availability: LoadsChange['members'][number]['availability']
}

/** The members and the queue of a team, or of the workspace. */
export interface Loads {
  /** Who has most to do first. */
  members: readonly Load[]
  waiting: number
  /** Since when the first in line waits, in milliseconds since 1970. */
  longestSince: number | null
}

export const noLoads: Loads = { members: [], waiting: 0, longestSince: null }

/** The loads after a change. */
export function loaded(loads: Loads, { members, removedMemberIds, queue }: LoadsChange): Loads {
  const gone = new Set([...removedMemberIds, ...members.map(({ member }) => member.id)])
  const changed = members.map(({ member: { id, name }, openConversations: open, cap, availability }): Load => ({ id, name, open, cap, availability }))
  return {
    members: [...loads.members.filter(({ id }) => !gone.has(id)), ...changed].sort(byPresenceAndLoad),
    waiting: queue.waiting,
    longestSince: queue.longestWaitSince ? Date.parse(queue.longestWaitSince) : null,
  }
}

const ORDER = { ONLINE: 0, AWAY: 1, OFFLINE: 2 }

function byPresenceAndLoad(a: Load, b: Load): number {
  return ORDER[a.availability] - ORDER[b.availability] || b.open - a.open || a.name.localeCompare(b.name)
}
