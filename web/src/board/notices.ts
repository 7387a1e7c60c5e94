import { type Connection, NotificationListDocument, NotificationsDocument, type ToldFragment } from '../../client/index'
import type { Toast } from './toasts'
import { cut, isolated } from '../design/text'
import { PREVIEW } from './preview'
import { nameOf } from './words'

export type Told = ToldFragment

/** What the corner is asked to do. */
export interface Corner {
  show: (toast: Toast, lasting?: number) => void
  dismiss: (id: string) => void
  shown: { get: () => Toast[] }
}

export interface Acts {
  claim: (conversationId: string) => void
  open: (conversationId: string) => void
  /** Something was told: lists of notices are behind. */
  heard: () => void
  /** The conversation that is on the screen. */
  current: () => string | null
}

const GRAB = 'grab:'
const LISTED = 50
const GRAB_LASTS = 60_000 // milliseconds: afterwards it is in the list of notices alone

/** Shows notifications as they come, and takes back what can no longer be claimed. Answers how to end. */
export function followNotices(connection: Connection, corner: Corner, acts: Acts): () => void {
  // What was there before, by the first list, and what was shown: what is not in it is new, whatever its time says.
  const known = new Set<string>()
  let begun = false
  let stopped = false
  let running = Promise.resolve()

  /** One list after the other: the first says what is old. */
  function catchUp() {
    running = running.then(look).catch(() => undefined) // the next loss, or item, tells more
  }

  async function look() {
    const { notifications } = await connection.execute(NotificationListDocument, { first: LISTED })
    if (stopped) return
    if (!begun) {
      for (const { id } of notifications.nodes) known.add(id)
      begun = true
      return
    }
    const claimable = new Set(notifications.nodes.filter((told) => told.claimable).map(({ conversation }) => GRAB + conversation.id))
    for (const { id } of corner.shown.get()) if (id.startsWith(GRAB) && !claimable.has(id)) corner.dismiss(id)
    for (const told of notifications.nodes.toReversed()) if (!known.has(told.id)) tell(told)
  }

  function tell(told: Told) {
    known.add(told.id)
    const toast = toastOf(told, acts)
    if (toast) corner.show(toast, told.claimable ? GRAB_LASTS : undefined)
  }

  const stop = connection.subscribe(NotificationsDocument, {}, {
    next: ({ notifications: told }) => {
      acts.heard()
      if (told.gone) corner.dismiss(GRAB + told.conversation.id)
      else tell(told)
    },
    missed: () => {
      acts.heard()
      catchUp()
    },
  })
  catchUp()
  return () => {
    stopped = true
    stop()
  }
}

/** A notification in words: what happened, and about whom. */
export function wordsOf({ kind, conversation, actor, event, message }: Told): { text: string; detail: string } {
  const visitor = isolated(conversation.contact.name ?? 'A visitor')
  const subject = conversation.subject ? isolated(conversation.subject) : `the chat with ${visitor}`
  const who = nameOf(actor)
  const more = [event?.note, conversation.subject && visitor].filter(Boolean).join(' · ')
  switch (kind) {
    case 'UP_FOR_GRABS':
      return { text: `Up for grabs: ${subject}`, detail: about(`${who} let go of it`) }
    case 'QUEUED_IN_YOUR_TEAM':
      return { text: `Waiting: ${subject}`, detail: about(`In the queue of ${event?.to.team?.name ?? 'your team'}`) }
    case 'TAKEN_OVER_FROM_YOU':
      return { text: `${who} took over ${subject}`, detail: about('It is no longer yours.') }
    case 'CLOSED_BY_OTHER':
      return { text: `${who} closed ${subject}`, detail: more }
    case 'RECLAIMED_FROM_YOU':
      return { text: `Taken back from you: ${subject}`, detail: about('Nobody answered.') }
    case 'UNANSWERED':
      return { text: `Still unanswered: ${subject}`, detail: about(`Owned by ${isolated(event?.to.assignee?.name ?? 'nobody')}`) }
    case 'TRANSFERRED_TO_YOU':
      return { text: `${who} transferred ${subject} to you`, detail: more }
    case 'ASSIGNED':
      return { text: actor.__typename === 'SystemActor' ? `You were given ${subject}` : `${who} assigned you ${subject}`, detail: more }
    case 'INBOUND_MESSAGE':
      return { text: `${visitor} wrote${(message?.sequence ?? 0) > 1 ? ' again' : ''}: ${isolated(cut(message?.body ?? '', PREVIEW))}`, detail: conversation.subject }
  }

  function about(what: string): string {
    return conversation.subject ? `${what} · ${visitor}` : what
  }
}

const TONES: Record<Told['kind'], Toast['tone']> = {
  UP_FOR_GRABS: 'grab',
  QUEUED_IN_YOUR_TEAM: 'grab',
  TAKEN_OVER_FROM_YOU: 'taken',
  CLOSED_BY_OTHER: 'plain',
  RECLAIMED_FROM_YOU: 'taken',
  UNANSWERED: 'taken',
  TRANSFERRED_TO_YOU: 'good',
  ASSIGNED: 'good',
  INBOUND_MESSAGE: 'plain',
}

/** A notification in the corner; null for what is on the screen anyway. */
export function toastOf(told: Told, { claim, open, current }: Pick<Acts, 'claim' | 'open' | 'current'>): Toast | null {
  const { id, kind, conversation } = told
  const inbound = kind === 'INBOUND_MESSAGE'
  if (inbound && conversation.id === current()) return null
  const toast = { tone: TONES[kind], ...wordsOf(told) }
  if (toast.tone === 'grab') return { ...toast, id: GRAB + conversation.id, action: { label: 'Claim', run: () => claim(conversation.id) } }
  return { ...toast, id: inbound ? `inbound:${conversation.id}` : id, action: { label: 'Open', run: () => open(conversation.id) } }
}
