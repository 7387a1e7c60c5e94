import { Fault } from '../../client/index'
import { isolated } from '../design/text'
import type { Desk } from './desk'
import type { News, Opened } from './thread'
import { type Outcome, perform, undo, type Verb } from './verbs'
import { refusalText } from './words'

const UNDO_FOR = 10_000

/** What is done that others see, in words, and what takes it back: the server's undo, or the verb that does the opposite. */
const BACK: Partial<Record<Verb['type'], { says: string; by: 'undo' | 'status' | Extract<Verb['type'], 'claim' | 'leave' | 'close' | 'reopen' | 'unassign'> }>> = {
  transfer: { says: 'Transferred.', by: 'undo' },
  takeOver: { says: 'You own it now.', by: 'undo' },
  close: { says: 'Closed.', by: 'reopen' },
  reopen: { says: 'Opened again.', by: 'close' },
  status: { says: 'Status changed.', by: 'status' },
  leave: { says: 'You left: it is up for grabs.', by: 'claim' },
  claim: { says: 'You own it now.', by: 'leave' },
}

/** What is needed to take something back, and to say how that went. */
export type Taking = Pick<Desk, 'connection' | 'toasts' | 'answers' | 'me'>

/** Offers, for a while, to take back what was done to a conversation that was like this before. One offer a conversation: of what was done last. */
export function offerUndo(desk: Taking, before: Pick<Opened, 'id'> & Partial<Pick<Opened, 'status'>>, verb: Verb, news: News): void {
  const back = BACK[verb.type]
  if (!back || !news.event) return
  const { connection, toasts } = desk
  const { id: eventId } = news.event
  const { id, status } = before
  const version = news.conversation?.version
  const seen = version === undefined ? { id } : { id, version }
  const { by } = back
  if (by === 'status' && !status) return
  const run = () => (by === 'undo' ? undo(connection, eventId) : perform(connection, seen, by === 'status' ? { type: by, status: status! } : { type: by }))
  const action = { label: 'Undo', run: () => void takeBack(desk, id, run) }
  toasts.show({ id: `undo:${id}`, tone: 'good', text: back.says, detail: aboutOf(news), pinned: true, action }, UNDO_FOR)
}

function aboutOf({ conversation }: News): string {
  return conversation ? [conversation.subject, conversation.contact.name ?? 'A visitor'].filter(Boolean).map((part) => isolated(part!)).join(' · ') : ''
}

async function takeBack({ toasts, answers, me }: Taking, conversation: string, run: () => Promise<Outcome>) {
  try {
    const { news, refusal } = await run()
    answers.tell(conversation, news)
    if (refusal) toasts.show({ tone: 'bad', text: refusalText(refusal, me.id) })
  } catch (error) {
    toasts.show({ tone: 'bad', text: error instanceof Fault ? error.message : String(error) })
  }
}
