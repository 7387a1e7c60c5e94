import { type Connection, NotificationListDocument, NotificationsDocument, type ToldFragment } from '../../client/index'
import type { Toast } from './toasts'
import { serverNow } from '../design/clock'
import { cut, isolated } from '../design/text'
import { PREVIEW } from './preview'
import type { Declining } from './verbs'
import { endOfOffer, nameOf } from './words'

export type Told = ToldFragment

/** What the corner is asked to do. */
export interface Corner {
  show: (toast: Toast, lasting?: number) => void
  dismiss: (id: string) => void
  shown: { get: () => Toast[] }
}

export interface Acts {
  /** The id of who is notified. */
  me: string
  claim: (conversationId: string) => void
  accept: (conversationId: string, offerId: string) => void
  /** Resolves to whether it was declined. */
  decline: (conversationId: string, offerId: string, why: Declining) => Promise<boolean>
  open: (conversationId: string) => void
  /** Something was told: lists of notices are behind. */
  heard: () => void
  /** The conversation that is on the screen. */
  current: () => string | null
}

const GRAB = 'grab:'
const LISTED = 50
const GRAB_LASTS = 60_000 // milliseconds: afterwards it is in the list of notices alone
const OFFER_LASTS = 600_000

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
    const claimable = new Set(notifications.nodes.filter(standing).map(grab))
    for (const { id } of corner.shown.get()) if (id.startsWith(GRAB) && !claimable.has(id)) corner.dismiss(id)
    for (const told of notifications.nodes.toReversed()) if (!known.has(told.id)) tell(told)
  }

  function tell(told: Told) {
    known.add(told.id)
    const toast = toastOf(told, acts)
    if (toast) corner.show(toast, lasting(told))
  }

  /** Takes away what can no longer be had. Who could have accepted it sees how the offer ended. */
  function end(told: Told) {
    const shown = corner.shown.get().find(({ id }) => id === grab(told))
    if (!shown) return
    corner.dismiss(shown.id)
    const ended = endOf(told, shown.text, acts.me)
    if (ended) corner.show(ended)
  }

  const stop = connection.subscribe(NotificationsDocument, {}, {
    next: ({ notifications: told }) => {
      acts.heard()
      if (told.gone) end(told)
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

/** How an offer that stood in the corner ended; null for what the viewer did. */
function endOf({ kind, actor, event, conversation }: Told, before: string, viewerId: string): Toast | null {
  if (!OFFERS.has(kind) || !event?.offer || ('id' in actor && actor.id === viewerId)) return null
  return { id: `ended:${conversation.id}`, tone: 'plain', text: endOfOffer(event.offer, nameOf(actor)), detail: before }
}

const OFFERS = new Set<Told['kind']>(['OFFERED_TO_YOU', 'OFFERED_TO_YOUR_TEAM'])

/** Whether it disappears for itself, once somebody claims or the offer ends. */
const standing = ({ kind, claimable }: Told) => claimable || OFFERS.has(kind)

/** What a notice of something to claim or to accept is called in the corner. One of many conversations is not of the newest alone. */
const grab = ({ id, kind, bulkId, conversation }: Pick<Told, 'id' | 'kind' | 'bulkId' | 'conversation'>) => GRAB + (OFFERS.has(kind) ? 'offer:' : '') + (bulkId ? id : conversation.id)

/** For how many milliseconds it stays in the corner; undefined for as long as any. An offer stays while it can be accepted, if that is not too long. */
function lasting(told: Told): number | undefined {
  const offer = offerIn(told)
  if (offer) return Math.min(OFFER_LASTS, Math.max(1000, Date.parse(offer.expiresAt) - serverNow()))
  return told.claimable ? GRAB_LASTS : undefined
}

/** The offer that one can accept; null where there is none. */
const offerIn = ({ kind, event }: Told) => (OFFERS.has(kind) && event?.offer ? event.offer : null)

/** A notification of many conversations in words. */
function wordsOfMany({ kind, actor, event, count }: Told): { text: string; detail: string } {
  const [who, many] = [nameOf(actor), `${count} conversations`]
  const detail = event?.note ?? ''
  switch (kind) {
    case 'UP_FOR_GRABS':
      return { text: `Up for grabs: ${many} from ${who}`, detail }
    case 'QUEUED_IN_YOUR_TEAM':
      return { text: `Waiting: ${many} from ${who}`, detail: `In the queue of ${event?.to.team?.name ?? 'your team'}` }
    case 'TAKEN_OVER_FROM_YOU':
      return { text: `${who} took ${many} from you`, detail }
    case 'CLOSED_BY_OTHER':
      return { text: `${who} closed ${many} of yours`, detail }
    case 'OFFERED_TO_YOU':
      return { text: `${who} offers you ${many}`, detail }
    case 'OFFERED_TO_YOUR_TEAM':
      return { text: `${who} offers your team ${many}`, detail }
    default:
      return { text: `${many} from ${who}`, detail }
  }
}

/** A notification in words: what happened, and about whom. */
export function wordsOf(told: Told): { text: string; detail: string } {
  if (told.count > 1) return wordsOfMany(told)
  const { kind, conversation, actor, event, message } = told
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
    case 'WOKEN':
      return { text: `Awake again: ${subject}`, detail: about(event?.to.assignee ? 'It is yours.' : 'You were not free: it waits in the queue.') }
    case 'UNANSWERED':
      return { text: `Still unanswered: ${subject}`, detail: about(`Owned by ${isolated(event?.to.assignee?.name ?? 'nobody')}`) }
    case 'OFFERED_TO_YOU':
      return { text: `${who} offers you ${subject}`, detail: more }
    case 'OFFERED_TO_YOUR_TEAM':
      return { text: `${who} offers your team ${subject}`, detail: more }
    case 'OFFER_ENDED':
      return { text: `Your offer has ended: ${subject}`, detail: about(event?.offer ? [endOfOffer(event.offer, who), event.offer.reasonCode && `${isolated(event.offer.reasonCode.name)}.`, event.offer.reasonText && isolated(event.offer.reasonText)].filter(Boolean).join(' ') : `Owned by ${isolated(event?.to.assignee?.name ?? 'nobody')}`) }
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
  OFFERED_TO_YOU: 'offer',
  OFFERED_TO_YOUR_TEAM: 'offer',
  OFFER_ENDED: 'plain',
  WOKEN: 'plain',
  TRANSFERRED_TO_YOU: 'good',
  ASSIGNED: 'good',
  INBOUND_MESSAGE: 'plain',
}

/** A notification in the corner; null for what is on the screen anyway. */
export function toastOf(told: Told, { claim, accept, decline, open, current }: Pick<Acts, 'claim' | 'accept' | 'decline' | 'open' | 'current'>): Toast | null {
  const { id, kind, conversation } = told
  const inbound = kind === 'INBOUND_MESSAGE'
  const offer = offerIn(told)
  if ((inbound || (offer && !told.bulkId)) && conversation.id === current()) return null
  const toast = { tone: TONES[kind], ...wordsOf(told) }
  if (offer && !told.bulkId) {
    const action = { label: 'Accept', run: () => accept(conversation.id, offer.id) }
    return { ...toast, id: grab(told), pinned: true, until: offer.expiresAt, action, decline: { conversationId: conversation.id, run: (why) => decline(conversation.id, offer.id, why) } }
  }
  if (offer || (toast.tone === 'grab' && told.count > 1)) return { ...toast, id: grab(told), action: { label: 'Open', run: () => open(conversation.id) } }
  if (toast.tone === 'grab') return { ...toast, id: grab(told), action: { label: 'Claim', run: () => claim(conversation.id) } }
  return { ...toast, id: inbound ? `inbound:${conversation.id}` : id, action: { label: 'Open', run: () => open(conversation.id) } }
}
