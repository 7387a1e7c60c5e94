import { Fault } from '../../client'
import type { Desk } from './desk'
import type { News, Opened } from './thread'
import { type Outcome, perform, undo, type Verb } from './verbs'
import { refusalText } from './words'

const UNDO_FOR = 10_000

/** What is done that others see, in words, and what takes it back: the server's undo, or the verb that does the opposite. */
const BACK: Partial<Record<Verb['type'], { says: string; by: 'undo' | Extract<Verb['type'], 'claim' | 'leave' | 'close' | 'reopen' | 'unassign'> }>> = {
  transfer: { says: 'Transferred.', by: 'undo' },
  takeOver: { says: 'You own it now.', by: 'undo' },
  close: { says: 'Closed.', by: 'reopen' },
  reopen: { says: 'Opened again.', by: 'close' },
  leave: { says: 'You left: it is up for grabs.', by: 'claim' },
  claim: { says: 'You own it now.', by: 'leave' },
}

/** Offers, for a while, to take back what was done. */
export function offerUndo(desk: Desk, conversation: Pick<Opened, 'id'>, verb: Verb, news: News): void {
  const back = BACK[verb.type]
  if (!back || !news.event) return
  const { connection, toasts } = desk
  const { id: eventId } = news.event
  const version = news.conversation?.version
  const seen = version === undefined ? { id: conversation.id } : { id: conversation.id, version }
  const { by } = back
  const run = () => (by === 'undo' ? undo(connection, eventId) : perform(connection, seen, { type: by }))
  toasts.show({ id: 'undo', tone: 'good', text: back.says, action: { label: 'Undo', run: () => void takeBack(desk, conversation.id, run) } }, UNDO_FOR)
}

async function takeBack({ toasts, answers, me }: Desk, conversation: string, run: () => Promise<Outcome>) {
  try {
    const { news, refusal } = await run()
    answers.tell(conversation, news)
    if (refusal) toasts.show({ tone: 'bad', text: refusalText(refusal, me.id) })
  } catch (error) {
    toasts.show({ tone: 'bad', text: error instanceof Fault ? error.message : String(error) })
  }
}
