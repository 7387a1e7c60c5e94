import type { HappenedFragment } from '../../client/index'
import { isolated } from './text'

type NamedActor = { __typename: string; id?: string; name?: string; contactName?: string | null }

/** What to call somebody; the viewer is "You". */
export function nameOf(actor: NamedActor, viewerId?: string): string {
  if (actor.id && actor.id === viewerId) return 'You'
  if (actor.__typename === 'SystemActor') return 'Switchboard'
  return isolated(actor.name ?? actor.contactName ?? 'Visitor')
}

/** An ownership change as a sentence. */
export function sentence({ kind, actor, from, to, offer }: HappenedFragment, viewerId?: string): string {
  const who = nameOf(actor, viewerId)
  const target = to.assignee ? name(to.assignee, viewerId, actor) : isolated(to.team?.name ?? 'the queue')
  const before = from.assignee ? name(from.assignee, viewerId, actor) : 'nobody'
  const asked = offer?.member ? name(offer.member, viewerId, actor) : isolated(offer?.team?.name ?? 'somebody else')
  const told: Record<HappenedFragment['kind'], string> = {
    CREATED: `${who} started it`,
    HANDED_OFF: `${who} asked for a person: ${to.assignee ? target : `waiting for ${target}`}`,
    QUEUED: `${who} put it into the queue of ${target}`,
    ASSIGNED: `${who} assigned it to ${target}`,
    CLAIMED: `${who} claimed it`,
    AUTO_ASSIGNED: `The rules gave it to ${target}`,
    UNASSIGNED: `${who} unassigned ${before}`,
    TRANSFERRED: `${who} transferred it to ${target}`,
    TAKEN_OVER: `${who} took it over from ${from.assignee ? before : from.handler === 'AI' ? 'the AI agent' : 'nobody'}`,
    LEFT: `${who} left: it is up for grabs`,
    CLOSED: `${who} closed it`,
    REOPENED: `${who} reopened it`,
    RETURNED_TO_AI: `${who} gave it back to the AI agent`,
    RECLAIMED: `${before} did not answer: it went back to the queue`,
    UNANSWERED: 'The visitor still waits for an answer',
    SNOOZED: `${who} put it aside`,
    WOKEN: to.assignee ? `It woke, and ${name(to.assignee, viewerId, actor)} has it back` : `It woke: ${before} was not free, so it waits in the queue`,
    UNDONE: `${who} undid the last change: ${to.assignee ? `${target} again` : 'nobody owns it again'}`,
    STATUS_CHANGED: to.status === 'UNSET' ? `${who} cleared the status` : `${who} set it ${to.status.toLowerCase()}`,
    OFFERED: `${who} offered it to ${asked}`,
    OFFER_PASSED_ON: offer && !offer.member ? `${who} declined it: the others of the team can accept it` : `The offer asks ${asked} now`,
    OFFER_DECLINED: `${who} declined it`,
    OFFER_WITHDRAWN: `${who} took the offer back`,
    OFFER_EXPIRED: 'Nobody accepted the offer in time',
    OFFER_SUPERSEDED: 'The offer ended',
    TEAM_REMOVED: from.team ? `${who} removed the team ${isolated(from.team.name)}` : `${who} removed its team`,
  }
  const stops = from.handler === 'AI' && to.handler !== 'AI' && kind !== 'CREATED' ? ': the AI agent answers no longer' : ''
  return (told[kind] ?? `${who} changed it`) + stops // "changed it": a server that is newer than this page
}

function name(member: { id: string; name: string }, viewerId: string | undefined, actor: NamedActor): string {
  if (member.id === actor.id) return member.id === viewerId ? 'yourself' : 'themselves'
  return member.id === viewerId ? 'you' : isolated(member.name)
}
