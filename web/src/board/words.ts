import type { InboxLeaveReason, OfferedFragment, TargetReason } from '../../client/index'
import { isolated } from '../design/text'
import { nameOf } from '../design/told'
import type { ActionVerdictLike, Refusal } from './kinds'

/** Why a button cannot be pressed, in words; null when it can. */
export function denial(verdict: ActionVerdictLike | undefined, named?: string): string | null {
  const owner = named && isolated(named)
  if (!verdict) return 'Not known yet'
  if (verdict.allowed) return null
  switch (verdict.reason) {
    case 'PLAN':
      return `Needs the plan ${verdict.requiredPlan?.label ?? 'above yours'} or higher`
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
    case 'STATE':
    default:
      return 'Not possible in its present state'
  }
}

const TARGETS: Record<TargetReason, string> = {
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
export const targetDenial = (reason: TargetReason | null) => (reason ? (TARGETS[reason] ?? 'Cannot be picked') : null) // a server that is newer than this page

const LEAVES: Record<InboxLeaveReason, string> = {
  REASSIGNED: 'Reassigned',
  STATUS_CHANGED: 'Status changed',
  HANDLER_CHANGED: 'Handler changed',
  NO_LONGER_PERMITTED: 'No longer yours to see',
  OTHER: 'Moved on',
}

const REASONS: Record<string, string> = {
  IDLE: 'Nothing happened in it for too long',
  LEFT: 'The assignee let go of it',
  NOT_CLAIMED: 'Nobody claimed it in time',
  MEMBER_REMOVED: 'The assignee was removed from the workspace',
  NOT_A_LIVE_AGENT: 'The assignee may no longer answer such conversations',
  TEAM_REMOVED: 'The team was removed',
  AI_AGENT_REMOVED: 'The AI agent was removed',
}

/** A reason that the server recorded, in words: it has codes of its own beside what people wrote. */
export const reasonText = (reason: string) => REASONS[reason] ?? (/^[A-Z][A-Z_]+$/.test(reason) ? sentenceCase(reason) : reason)

/** A code in words: NOT_SET becomes "Not set". */
export const sentenceCase = (code: string) => code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ')

/** Why a row left a list. */
export const leaveReason = (reason: string) => LEAVES[reason as InboxLeaveReason] ?? LEAVES.OTHER

export { nameOf, sentence } from '../design/told'

/** A refusal for the person who asked. A lost race says who won. */
export function refusalText(refusal: Refusal, viewerId?: string): string {
  switch (refusal.__typename) {
    case 'AlreadyAssignedError':
      return `${refusal.assignee ? isolated(refusal.assignee.name) : nameOf(refusal.by, viewerId)} was first and owns it now.`
    case 'ConflictError':
      return conflict(refusal, viewerId)
    case 'OfferSettledError':
      return settled(refusal, viewerId)
    case 'PlanRequiredError':
      return `${refusal.message} It comes with the plan ${refusal.requiredPlan.label}.`
    default:
      return refusal.message
  }
}

function conflict({ by, current }: Extract<Refusal, { __typename: 'ConflictError' }>, viewerId?: string): string {
  const who = nameOf(by, viewerId)
  const owner = current.assignee
  if (owner && 'id' in by && owner.id === by.id) return `${who} was first and owns it now.`
  if (owner) return `${who} was first: ${owner.id === viewerId ? 'you own it' : `${isolated(owner.name)} owns it`} now.`
  return `${who} was first and changed it. Look again.`
}

function settled({ by, offer }: Extract<Refusal, { __typename: 'OfferSettledError' }>, viewerId?: string): string {
  return `Too late: ${endOfOffer(offer, nameOf(by, viewerId))}`
}

/** Whom an offer asks. */
export const whomOffered = ({ member, team }: Pick<OfferedFragment, 'member' | 'team'>, viewerId: string): string =>
  member?.id === viewerId ? 'you' : isolated(member?.name ?? team?.name ?? 'somebody')

/** How an offer ended, as a sentence. */
export function endOfOffer({ status }: Pick<OfferedFragment, 'status'>, who: string): string {
  const ends: Record<OfferedFragment['status'], string> = {
    OPEN: 'The offer asks somebody else now.',
    ACCEPTED: `${who} accepted it.`,
    DECLINED: `${who} declined it.`,
    WITHDRAWN: `${who} took the offer back.`,
    EXPIRED: 'Nobody accepted the offer in time.',
    SUPERSEDED: 'The conversation moved on, and the offer ended.',
  }
  return ends[status] ?? 'The offer ended.'
}
