import { type ReactNode, useMemo, useRef } from 'react'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { NewMessages, useReadersPlace } from '../design/scroll'
import { isolated } from '../design/text'
import { useDesk } from './desk'
import { moments, progress, type Happened, type Moment, type Said, type Thread } from './thread'
import { clock, useNow } from '../design/time'
import { nameOf, sentence } from './words'

interface Props {
  thread: Thread
  onEarlier: () => void
  /** The keys of what is on its way, which the children show. */
  sending: readonly string[]
  children: ReactNode
}

/** What was said and done, oldest first. One's place is kept: at the end while one reads there, and elsewhere at the same words. */
export function Stream({ thread, onEarlier, sending, children }: Props) {
  const { me } = useDesk()
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const items = useMemo(() => moments(thread), [thread])
  const keys = [...items.map((moment) => keyed(moment, me.id)), ...sending.map((id) => ({ id, mine: true, counts: false, sending: true }))]
  const { fresh, toEnd, stay } = useReadersPlace(scroller, keys)

  return (
    <div className="scroll-frame stream-frame">
      <div ref={scroller} className="stream" tabIndex={0} role="log" aria-label="Messages">
        {thread.earlier && (
          <p className="stream-earlier">
            <Button look="bare" onClick={() => (stay(), onEarlier())}>
              Earlier messages
            </Button>
          </p>
        )}
        <ol>
          {items.map((moment) =>
            moment.type === 'said' ? (
              <Message key={moment.said.id} said={moment.said} now={now} />
            ) : (
              <Change key={moment.happened.id} happened={moment.happened} now={now} />
            ),
          )}
          {children}
        </ol>
      </div>
      <NewMessages fresh={fresh} onGo={toEnd} />
    </div>
  )
}

/** What somebody said counts as new; that something was done does not, and moves nobody who did it. */
function keyed(moment: Moment, viewerId: string) {
  if (moment.type === 'happened') return { id: moment.happened.id, mine: false, counts: false }
  const { id, author } = moment.said
  return { id, mine: 'id' in author && author.id === viewerId, counts: author.__typename !== 'SystemActor' }
}

function Message({ said, now }: { said: Said; now: number }) {
  const { me } = useDesk()
  const { author, body, internal, at } = said
  const who = nameOf(author, me.id)
  const side = author.__typename === 'Contact' ? 'in' : 'out'
  if (author.__typename === 'SystemActor') {
    return (
      <li className="told" data-key={said.id} dir="auto">
        <Icon name="info" size={12} /> {body} <time dateTime={at}>{clock(at, now)}</time>
      </li>
    )
  }
  return (
    <li className={`message ${side}`} data-key={said.id} data-internal={internal || undefined}>
      <Avatar name={who === 'You' ? me.name : who} size={26} robot={author.__typename === 'AIAgent'} />
      <div>
        <p className="message-head">
          <strong>
            <bdi>{who}</bdi>
          </strong>
          {author.__typename === 'AIAgent' && <span className="chip ai">AI</span>}
          {internal && <span className="chip note">Internal note</span>}
          <time dateTime={at}>{clock(at, now)}</time>
          <Ticks said={said} now={now} />
        </p>
        <p className="bubble" dir="auto">
          {body}
        </p>
      </div>
    </li>
  )
}

/** Whether the message came to the contact, and was seen. */
function Ticks({ said, now }: { said: Said; now: number }) {
  const came = progress(said)
  if (!came) return null
  const word = came.seen ? 'Seen' : 'Delivered'
  return (
    <span className="ticks" data-seen={came.seen || undefined} title={`${word} ${clock(came.at, now)}`}>
      <Icon name="check" size={12} />
      {word}
    </span>
  )
}

function Change({ happened, now }: { happened: Happened; now: number }) {
  const { me } = useDesk()
  return (
    <li className="told change" data-key={happened.id}>
      <span>
        {sentence(happened, me.id)}
        {happened.reasonCode && ` (${isolated(happened.reasonCode.name)})`}
      </span>{' '}
      {/* A note of a closing is a message of its own as well. */}
      {happened.note && happened.kind !== 'CLOSED' && (
        <span className="told-note" dir="auto">
          <Icon name="note" size={12} /> {happened.note}
        </span>
      )}{' '}
      <time dateTime={happened.at}>{clock(happened.at, now)}</time>
    </li>
  )
}
