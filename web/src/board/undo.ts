import { Fault } from '../../client/index'
import { isolated } from '../design/text'
import type { Desk } from './desk'
import { type Asking, demands, reasoned } from './reasons'
import type { News, Opened } from './thread'
import { type Outcome, perform, undo, type Verb } from './verbs'
import { refusalText } from './words'

const UNDO_FOR = 10_000

/** What is done that others see, in words, and what takes it back: the server's undo, or the verb that does the opposite. */
const BACK: Partial<Record<Verb['type'], { says: string; by: 'undo' | 'status' | Extract<Verb['type'], 'claim' | 'leave' | 'close' | 'reopen' | 'unassign' | 'wake'> }>> = {
  transfer: { says: 'Transferred.', by: 'undo' },
  takeOver: { says: 'You own it now.', by: 'undo' },
  close: { says: 'Closed.', by: 'reopen' },
  reopen: { says: 'Opened again.', by: 'close' },
  status: { says: 'Status changed.', by: 'status' },
  leave: { says: 'You left: it is up for grabs.', by: 'claim' },
  snooze: { says: 'Put aside.', by: 'wake' },
  claim: { says: 'You own it now.', by: 'leave' },
}

/** What is needed to take something back, and to say how that went. */
export type Taking = Asking & Pick<Desk, 'connection' | 'toasts' | 'answers'>

/** Offers, for a while, to take back what was done to a conversation that was like this before. One offer a conversation: of what was done last. */
export function offerUndo(desk: Taking, before: Pick<Opened, 'id'> & Partial<Pick<Opened, 'status'>>, verb: Verb, news: News): void {
  if (news.event?.kind === 'OFFERED' && news.event.offer) return offerWithdrawal(desk, before.id, news.event.offer.id, news)
  const back = BACK[verb.type]
  if (!back || !news.event) return
  const { connection, toasts } = desk
  const { id: eventId } = news.event
  const { id, status } = before
  const version = news.conversation?.version
  const seen = version === undefined ? { id } : { id, version }
  const { by } = back
  if (by === 'status' && !status) return
  const run = async () => {
    if (by === 'undo') return undo(connection, eventId)
    const opposite = await reasoned(desk, { assignee: null }, by === 'status' ? { type: by, status: status! } : { type: by }, demands)
    return opposite && perform(connection, seen, opposite)
  }
  const action = { label: 'Undo', run: () => void takeBack(desk, id, run) }
  toasts.show({ id: `undo:${id}`, tone: 'good', text: back.says, detail: aboutOf(news), pinned: true, action }, UNDO_FOR)
}

/** A transfer that has to be accepted is not undone but withdrawn. */
function offerWithdrawal(desk: Taking, id: string, offerId: string, news: News): void {
  const run = () => perform(desk.connection, { id }, { type: 'withdrawOffer', offerId })
  const action = { label: 'Withdraw', run: () => void takeBack(desk, id, run) }
  desk.toasts.show({ id: `undo:${id}`, tone: 'good', text: 'Offered. It is yours until somebody accepts.', detail: aboutOf(news), pinned: true, action }, UNDO_FOR)
}

function aboutOf({ conversation }: News): string {
  return conversation ? [conversation.subject, conversation.contact.name ?? 'A visitor'].filter(Boolean).map((part) => isolated(part!)).join(' · ') : ''
}

async function takeBack({ toasts, answers, me }: Taking, conversation: string, run: () => Promise<Outcome | null>) {
  try {
    const outcome = await run()
    if (!outcome) return
    const { news, refusal } = outcome
    answers.tell(conversation, news)
    if (refusal) toasts.show({ tone: 'bad', text: refusalText(refusal, me.id) })
  } catch (error) {
    toasts.show({ tone: 'bad', text: error instanceof Fault ? error.message : String(error) })
  }
}
