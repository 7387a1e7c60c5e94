import { useLayoutEffect, useRef } from 'react'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { clock, useNow } from '../design/time'
import { nameOf } from '../design/told'
import type { Chat, Heard } from './chat'

/** What was said, oldest first, and kept at its end. */
export function Messages({ chat, onEarlier }: { chat: Chat; onEarlier: () => void }) {
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const last = chat.messages.at(-1)?.id
  useLayoutEffect(() => {
    const element = scroller.current!
    const toEnd = () => (element.scrollTop = element.scrollHeight)
    toEnd()
    const watching = new ResizeObserver(toEnd)
    watching.observe(element)
    return () => watching.disconnect()
  }, [last])
  return (
    <div ref={scroller} className="talk" role="log" aria-label="Messages" tabIndex={0}>
      {chat.earlier && (
        <Button look="bare" onClick={onEarlier}>
          Earlier messages
        </Button>
      )}
      <ol>
        {chat.messages.map((heard) => (
          <Message key={heard.id} heard={heard} now={now} />
        ))}
      </ol>
    </div>
  )
}

function Message({ heard: { author, body, at }, now }: { heard: Heard; now: number }) {
  const time = <time dateTime={at}>{clock(at, now)}</time>
  if (author.__typename === 'SystemActor') {
    return (
      <li className="said system">
        {body} {time}
      </li>
    )
  }
  if (author.__typename === 'Contact') {
    return (
      <li className="said mine">
        <p className="said-head">You {time}</p>
        <p className="said-body">{body}</p>
      </li>
    )
  }
  const robot = author.__typename === 'AIAgent'
  return (
    <li className="said theirs">
      <Avatar name={nameOf(author)} robot={robot} size={28} />
      <div>
        <p className="said-head">
          <strong>{nameOf(author)}</strong> {robot && <span className="chip ai">AI</span>} {time}
        </p>
        <p className="said-body">{body}</p>
      </div>
    </li>
  )
}
