import { useEffect, useSyncExternalStore } from 'react'
import type { Connection } from '../../client'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { ConnectionBar } from '../design/ConnectionBar'
import { Icon } from '../design/Icon'
import { hostOf, type Visited } from './chat'
import type { ChatFeed } from './chatFeed'
import { Messages } from './Messages'
import type { Visit } from './visit'
import { Write } from './Write'

interface Props {
  connection: Connection
  feed: ChatFeed
  visit: Visit
  onGo: (visit: Visit | null, why?: string | null) => void
}

// With these the chat cannot be reached from here again.
const OVER = new Set(['UNAUTHENTICATED', 'NOT_FOUND', 'PERMISSION_DENIED'])

/** A chat that was begun. */
export function Talk({ connection, feed, visit, onGo }: Props) {
  const { chat, fault } = useSyncExternalStore(feed.state.subscribe, feed.state.get)
  const over = fault !== null && OVER.has(fault.code)
  useEffect(() => {
    if (over) onGo(null, 'Your last chat can no longer be reached. Start a new one.')
  }, [over, onGo])

  return (
    <main className="chat">
      <header className="chat-head">
        <h1>{visit.company}</h1>
        <Button look="bare" onClick={() => onGo(null)}>
          New chat
        </Button>
      </header>
      <ConnectionBar state={connection.state} onRefused={() => onGo(null, 'Your last chat can no longer be reached. Start a new one.')} />
      {chat ? (
        <>
          <HostLine conversation={chat.conversation} />
          <Messages chat={chat} onEarlier={() => void feed.earlier()} />
          <Write conversation={chat.conversation} feed={feed} onAnew={(token, conversation) => onGo({ ...visit, token, conversation, cursor: connection.position() ?? visit.cursor })} />
        </>
      ) : (
        <p className="chat-wait quiet" role="status">
          {fault ? `${fault.message} Trying again…` : 'One moment…'}
        </p>
      )}
    </main>
  )
}

function HostLine({ conversation }: { conversation: Visited }) {
  const { who, robot, says } = hostOf(conversation)
  const waits = !who && conversation.status !== 'CLOSED'
  return (
    <div className="host" data-waits={waits || undefined}>
      {who ? <Avatar name={who} robot={robot} size={32} /> : <Icon name={waits ? 'clock' : 'check'} size={20} />}
      <div>
        <p role="status" data-testid="host">
          {says}
        </p>
        {waits && <p className="host-more">A person takes over as soon as one is free. You can stay on this page.</p>}
      </div>
    </div>
  )
}
