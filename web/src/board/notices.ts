import { type Connection, NotificationListDocument, NotificationsDocument, type ToldFragment } from '../../client'
import type { Toast } from './toasts'
import { cut, isolated } from '../design/text'
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
  /** The conversation that is on the screen. */
  current: () => string | null
}

const GRAB = 'grab:'
const LISTED = 50

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
    if (toast) corner.show(toast, told.claimable ? Number.POSITIVE_INFINITY : undefined)
  }

  const stop = connection.subscribe(NotificationsDocument, {}, {
    next: ({ notifications: told }) => (told.gone ? corner.dismiss(GRAB + told.conversation.id) : tell(told)),
    missed: catchUp,
  })
  catchUp()
  return () => {
    stopped = true
    stop()
  }
}

/** A notification in the corner; null for what is on the screen anyway. */
export function toastOf({ id, kind, conversation, actor, event, message }: Told, { claim, open, current }: Acts): Toast | null {
  const subject = isolated(conversation.subject) || `the chat with ${isolated(conversation.contact.name ?? 'a visitor')}`
  const who = nameOf(actor)
  const note = event?.note ? { detail: event.note } : {}
  const look = { label: 'Open', run: () => open(conversation.id) }
  switch (kind) {
    case 'UP_FOR_GRABS':
      return grab(`Up for grabs: ${subject}`, `${who} let go of it`)
    case 'QUEUED_IN_YOUR_TEAM':
      return grab(`Waiting: ${subject}`, `In the queue of ${event?.to.team?.name ?? 'your team'}`)
    case 'TAKEN_OVER_FROM_YOU':
      return { id, tone: 'taken', text: `${who} took over ${subject}`, detail: 'It is no longer yours.', action: look }
    case 'CLOSED_BY_OTHER':
      return { id, tone: 'plain', text: `${who} closed ${subject}`, ...note, action: look }
    case 'TRANSFERRED_TO_YOU':
      return { id, tone: 'good', text: `${who} transferred ${subject} to you`, ...note, action: look }
    case 'ASSIGNED':
      return { id, tone: 'good', text: actor.__typename === 'SystemActor' ? `You were given ${subject}` : `${who} assigned you ${subject}`, ...note, action: look }
    case 'INBOUND_MESSAGE':
      if (conversation.id === current()) return null
      return { id: `inbound:${conversation.id}`, tone: 'plain', text: cut(`${isolated(conversation.contact.name ?? 'The visitor')}: ${message?.body ?? ''}`, 140), detail: subject, action: look }
  }

  function grab(text: string, detail: string): Toast {
    return { id: GRAB + conversation.id, tone: 'grab', text, detail, action: { label: 'Claim', run: () => claim(conversation.id) } }
  }
}
