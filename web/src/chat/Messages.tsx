import { type ReactNode, useRef } from 'react'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { NewMessages, useReadersPlace } from '../design/scroll'
import { clock, useNow } from '../design/time'
import { nameOf } from '../design/told'
import type { Chat, Heard } from './chat'

interface Props {
  chat: Chat
  onEarlier: () => void
  /** The keys of what is on its way, which the children show. */
  sending: readonly string[]
  children: ReactNode
}

/** What was said, oldest first. One's place is kept: at the end while one reads there, and elsewhere at the same words. */
export function Messages({ chat, onEarlier, sending, children }: Props) {
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const keys = chat.messages.map(({ id, author }) => ({ id, mine: author.__typename === 'Contact', counts: author.__typename !== 'SystemActor' }))
  const { fresh, toEnd, stay } = useReadersPlace(scroller, [...keys, ...sending.map((id) => ({ id, mine: true, counts: false, sending: true }))])
  return (
    <div className="scroll-frame talk-frame">
      <div ref={scroller} className="talk" role="log" aria-label="Messages" tabIndex={0}>
        {chat.earlier && (
          <Button look="bare" onClick={() => (stay(), onEarlier())}>
            Earlier messages
          </Button>
        )}
        <ol>
          {chat.messages.map((heard) => (
            <Message key={heard.id} heard={heard} now={now} />
          ))}
          {children}
        </ol>
      </div>
      <NewMessages fresh={fresh} onGo={toEnd} />
    </div>
  )
}

function Message({ heard: { id, author, body, at }, now }: { heard: Heard; now: number }) {
  const time = <time dateTime={at}>{clock(at, now)}</time>
  if (author.__typename === 'SystemActor') {
    return (
      <li className="said system" data-key={id} dir="auto">
        {body} {time}
      </li>
    )
  }
  if (author.__typename === 'Contact') {
    return (
      <li className="said mine" data-key={id}>
        <p className="said-head">You {time}</p>
        <p className="said-body" dir="auto">
          {body}
        </p>
      </li>
    )
  }
  const robot = author.__typename === 'AIAgent'
  return (
    <li className="said theirs" data-key={id}>
      <Avatar name={nameOf(author)} robot={robot} size={28} />
      <div>
        <p className="said-head">
          <strong>
            <bdi>{nameOf(author)}</bdi>
          </strong>{' '}
          {robot && <span className="chip ai">AI</span>} {time}
        </p>
        <p className="said-body" dir="auto">
          {body}
        </p>
      </div>
    </li>
  )
}
