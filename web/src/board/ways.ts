import { isolated } from '../design/text'
import { verdictOf } from './kinds'
import type { Way as WayName } from './outgoing'
import type { Opened } from './thread'
import { denial } from './words'

/** One meaning of sending. */
export interface Way {
  name: WayName
  label: string
  /** Why it cannot be done now; null when it can. */
  denied: string | null
}

// Notes are for who may reply to such conversations, whoever owns this one, closed or not.
const MAY_NOTE = new Set<string | null>([null, 'TAKEOVER_REQUIRED', 'NOT_ASSIGNEE', 'STATE'])

const LABELS: Record<WayName, string> = { reply: 'Send', note: 'Add note', takeOver: 'Takeover & send', reopenAndReply: 'Reopen & reply', startNew: 'Start new' }

/**
 * What sending means in the conversation's present state, most usual first. owned says that what is on its way makes the
 * viewer its owner.
 */
export function waysToSend(conversation: Opened, internal: boolean, myId: string, owned = false): Way[] {
  const { assignee, status } = conversation
  const why = (action: Parameters<typeof verdictOf>[1]) => denial(verdictOf(conversation, action), assignee?.id === myId ? undefined : assignee?.name)
  const way = (name: WayName, denied: string | null): Way => ({ name, label: LABELS[name], denied })
  if (internal) return [way('note', MAY_NOTE.has(verdictOf(conversation, 'REPLY')?.reason ?? null) ? null : why('REPLY'))]
  if (owned) return [way('reply', null)]
  if (status === 'CLOSED') return [way('reopenAndReply', why('REOPEN_AND_REPLY')), way('startNew', why('START_NEW'))]
  const reply = way('reply', why('REPLY'))
  if (!assignee || assignee.id === myId || !reply.denied) return [reply]
  return [way('takeOver', why('TAKE_OVER'))]
}

/** What sending has come to mean since the first letter, and what to do, for the person who pressed. */
export function changed(way: WayName, { assignee, contact }: Pick<Opened, 'assignee' | 'contact'>, meant: readonly string[]): string {
  const owner = isolated(assignee?.name ?? 'somebody else')
  const again = `Press ${LABELS[way]} again to do that, or go on writing.`
  switch (way) {
    case 'takeOver':
      return `${owner} owns this conversation now: sending takes it over. ${again}`
    case 'reopenAndReply':
      return `This conversation was closed while you wrote: sending opens it again. ${again}`
    case 'startNew':
      return `This conversation was closed while you wrote: sending starts another one. ${again}`
    case 'reply':
      return meant.includes('note')
        ? `You began this as a note for colleagues: ${isolated(contact.name ?? 'the visitor')} will read it. ${again}`
        : `Something changed while you wrote: this is a plain reply now. ${again}`
    case 'note':
      return `You began this as a reply: as a note only colleagues read it. ${again}`
  }
}
