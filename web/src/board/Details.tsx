import { Avatar } from '../design/Avatar'
import { useDesk } from './desk'
import type { Thread } from './thread'
import { clock, useNow } from '../design/time'
import { Star } from './Star'
import { StatusMenu } from './StatusMenu'
import type { Verbs } from './useVerbs'
import { reasonText, sentence } from './words'

/** The visitor, and every change of ownership as a timeline. */
export function Details({ thread, verbs }: { thread: Thread; verbs: Verbs }) {
  const { me } = useDesk()
  const now = useNow()
  const { conversation, email, history } = thread
  const visitor = conversation.contact.name ?? 'Visitor'
  return (
    <aside className="details" aria-label="Details">
      <div className="visitor">
        <Avatar name={visitor} size={36} />
        <div>
          <strong>
            <bdi>{visitor}</bdi>
          </strong>
          <span className="quiet">{email ?? 'no e-mail address'}</span>
        </div>
        <Star conversation={conversation} />
      </div>
      <dl className="facts">
        <dt>Status</dt>
        <dd><StatusMenu conversation={conversation} verbs={verbs} lost={thread.lost} /></dd>
        <dt>Channel</dt>
        <dd>{conversation.channel}</dd>
        <dt>Began</dt>
        <dd>{clock(conversation.createdAt, now)}</dd>
      </dl>
      <h3>History</h3>
      <ol className="timeline">
        {history.map((event) => (
          <li key={event.id} data-kind={event.kind}>
            <p>{sentence(event, me.id)}</p>
            {event.reasonCode && <p className="quiet" dir="auto">{event.reasonCode.name}</p>}
            {event.note && <p className="timeline-note" dir="auto">{event.note}</p>}
            {event.reason && !event.note && <p className="quiet">{reasonText(event.reason)}</p>}
            <time dateTime={event.at}>{clock(event.at, now)}</time>
          </li>
        ))}
      </ol>
    </aside>
  )
}
