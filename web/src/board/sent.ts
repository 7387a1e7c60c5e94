import type { Desk } from './desk'
import { type Sent, takeBack } from './outgoing'
import { go, placeOf } from './place'
import { offerUndo, type Taking } from './undo'
import type { Outcome } from './verbs'

/** Shows what came of a message that was sent. */
export function tellSent(desk: Taking & Pick<Desk, 'drafts' | 'outbox'>, item: Sent, { news, refusal, warnings, begun }: Outcome): void {
  const { toasts, drafts, outbox, answers } = desk
  const { conversation, payload } = item
  answers.tell(conversation, news)
  for (const warning of warnings) toasts.show({ tone: 'plain', text: warning })
  const place = placeOf(window.location.hash)
  const here = place.conversation === conversation
  if (refusal) {
    const failed = outbox.of(conversation).find(({ key }) => key === item.key)
    if (!failed) return
    toasts.show({ tone: 'bad', text: here ? failed.why! : `A message of yours was not sent. ${failed.why}` })
    if (!drafts.get(conversation)?.text) takeBack(drafts, outbox, failed)
    return
  }
  if (begun && here) go({ view: place.view ?? 'mine', conversation: begun })
  if (payload.way === 'takeOver' && news.event) offerUndo(desk, { id: conversation }, { type: 'takeOver' }, news)
}
