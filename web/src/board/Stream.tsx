import { useEffect, useLayoutEffect, useRef } from 'react'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { useDesk } from './desk'
import { moments, type Happened, type Said, type Thread } from './thread'
import { clock, useNow } from '../design/time'
import { nameOf, sentence } from './words'

/** What was said and done, oldest first, kept at its end while one reads there. */
export function Stream({ thread, onEarlier }: { thread: Thread; onEarlier: () => void }) {
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const items = moments(thread)
  const last = items.at(-1)

  useLayoutEffect(() => {
    if (atEnd.current && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [items.length, last])
  useEffect(() => {
    const element = scroller.current!
    const note = () => (atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60)
    element.addEventListener('scroll', note, { passive: true })
    return () => element.removeEventListener('scroll', note)
  }, [])

  return (
    <div ref={scroller} className="stream" tabIndex={0} role="log" aria-label="Messages">
      {thread.earlier && (
        <p className="stream-earlier">
          <Button look="bare" onClick={onEarlier}>
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
      </ol>
    </div>
  )
}

function Message({ said, now }: { said: Said; now: number }) {
  const { me } = useDesk()
  const { author, body, internal, at } = said
  const who = nameOf(author, me.id)
  const side = author.__typename === 'Contact' ? 'in' : 'out'
  if (author.__typename === 'SystemActor') {
    return (
      <li className="told">
        <Icon name="info" size={12} /> {body} <time dateTime={at}>{clock(at, now)}</time>
      </li>
    )
  }
  return (
    <li className={`message ${side}`} data-internal={internal || undefined}>
      <Avatar name={who === 'You' ? me.name : who} size={26} robot={author.__typename === 'AIAgent'} />
      <div>
        <p className="message-head">
          <strong>{who}</strong>
          {author.__typename === 'AIAgent' && <span className="chip ai">AI</span>}
          {internal && <span className="chip note">Internal note</span>}
          <time dateTime={at}>{clock(at, now)}</time>
        </p>
        <p className="bubble">{body}</p>
      </div>
    </li>
  )
}

function Change({ happened, now }: { happened: Happened; now: number }) {
  const { me } = useDesk()
  return (
    <li className="told change">
      <span>{sentence(happened, me.id)}</span>{' '}
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
