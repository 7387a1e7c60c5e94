import type { ActionVerdictLike, Happened, Refusal } from './kinds'

/** Why a button cannot be pressed, in words; null when it can. */
export function denial(verdict: ActionVerdictLike | undefined, owner?: string): string | null {
  if (!verdict) return 'Not known yet'
  if (verdict.allowed) return null
  switch (verdict.reason) {
    case 'PLAN':
      return `Needs the plan ${verdict.requiredPlan?.name ?? 'above yours'} or higher`
    case 'PERMISSION':
      return `You lack the permission ${verdict.permission ?? ''}`.trim()
    case 'NOT_ASSIGNEE':
      return owner ? `${owner} owns it: take it over first` : 'Nobody owns it: claim it first'
    case 'ALREADY_ASSIGNEE':
      return 'You own it already'
    case 'NOT_ASSIGNED':
      return 'Nobody owns it'
    case 'TAKEOVER_REQUIRED':
      return `${owner ?? 'Somebody else'} owns it: take it over first`
    case 'CAPACITY':
      return 'No capacity is left'
    default:
      return 'Not possible in its present state'
  }
}

const TARGETS: Record<string, string> = {
  SELF: 'This is you',
  AI_AGENT: 'AI agents cannot be assigned: only people own conversations',
  NOT_A_MEMBER: 'Not a member of this workspace',
  NOT_A_LIVE_AGENT: 'May not reply to this kind of conversation',
  AWAY: 'Away, and this workspace gives nothing to who is away',
  OFFLINE: 'Offline, and this workspace gives nothing to who is offline',
  CURRENT_ASSIGNEE: 'Owns it now',
  NOT_A_TEAM: 'Not a team of this workspace',
}

/** Why a row of the assign panel cannot be picked. */
export const targetDenial = (reason: string | null) => (reason ? (TARGETS[reason] ?? 'Cannot be picked') : null)

const LEAVES: Record<string, string> = {
  REASSIGNED: 'Reassigned',
  STATUS_CHANGED: 'Status changed',
  HANDLER_CHANGED: 'Handler changed',
  NO_LONGER_PERMITTED: 'No longer yours to see',
}

/** Why a row left a list. */
export const leaveReason = (reason: string) => LEAVES[reason] ?? 'Moved on'

type NamedActor = { __typename: string; id?: string; name?: string; contactName?: string | null }

/** What to call somebody; the viewer is "You". */
export function nameOf(actor: NamedActor, viewerId?: string): string {
  if (actor.id && actor.id === viewerId) return 'You'
  if (actor.__typename === 'SystemActor') return 'Switchboard'
  return actor.name ?? actor.contactName ?? 'Visitor'
}

/** An ownership change as a sentence. */
export function sentence({ kind, actor, from, to }: Happened, viewerId?: string): string {
  const who = nameOf(actor, viewerId)
  const target = to.assignee ? name(to.assignee, viewerId, actor) : (to.team?.name ?? 'the queue')
  const before = from.assignee ? name(from.assignee, viewerId, actor) : 'nobody'
  const told: Record<string, string> = {
    CREATED: `${who} started it`,
    HANDED_OFF: `${who} asked for a person: ${to.assignee ? target : `waiting for ${target}`}`,
    QUEUED: `${who} put it into the queue of ${target}`,
    ASSIGNED: `${who} assigned it to ${target}`,
    CLAIMED: `${who} claimed it`,
    AUTO_ASSIGNED: `The rules gave it to ${target}`,
    UNASSIGNED: `${who} unassigned ${before}`,
    TRANSFERRED: `${who} transferred it to ${target}`,
    TAKEN_OVER: `${who} took it over from ${before}`,
    LEFT: `${who} left: it is up for grabs`,
    CLOSED: `${who} closed it`,
    REOPENED: `${who} reopened it`,
    RETURNED_TO_AI: `${who} gave it back to the AI agent`,
    RECLAIMED: 'Nobody answered: it went back to the queue',
    UNDONE: `${who} undid the last change: ${to.assignee ? `${target} again` : 'nobody owns it again'}`,
    STATUS_CHANGED: to.status === 'UNSET' ? `${who} cleared the status` : `${who} set it ${to.status.toLowerCase()}`,
  }
  return told[kind] ?? `${who} changed it`
}

function name(member: { id: string; name: string }, viewerId: string | undefined, actor: NamedActor): string {
  if (member.id === actor.id) return member.id === viewerId ? 'yourself' : 'themselves'
  return member.id === viewerId ? 'you' : member.name
}

/** A refusal for the person who asked. A lost race says who won. */
export function refusalText(refusal: Refusal, viewerId?: string): string {
  switch (refusal.__typename) {
    case 'AlreadyAssignedError':
      return `${refusal.assignee?.name ?? nameOf(refusal.by, viewerId)} was first and owns it now.`
    case 'ConflictError':
      return conflict(refusal, viewerId)
    case 'PlanRequiredError':
      return `${refusal.message} It comes with the plan ${refusal.requiredPlan.name}.`
    default:
      return refusal.message
  }
}

function conflict({ by, current }: Extract<Refusal, { __typename: 'ConflictError' }>, viewerId?: string): string {
  const who = nameOf(by, viewerId)
  const owner = current.assignee
  if (owner && 'id' in by && owner.id === by.id) return `${who} was first and owns it now.`
  if (owner) return `${who} was first: ${owner.id === viewerId ? 'you own it' : `${owner.name} owns it`} now.`
  return `${who} was first and changed it. Look again.`
}
