import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Connection } from '../../client/index'
import { useAttending } from '../design/attendance'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { ConnectionBar } from '../design/ConnectionBar'
import { DraftsContext, draftsOf, useUnloadWarning } from '../design/drafts'
import { Icon } from '../design/Icon'
import { Outgoing, useOutgoing } from '../design/Outgoing'
import { windowName } from '../design/outbox'
import { Answering } from './Answering'
import { hostOf, type Visited } from './chat'
import type { ChatFeed } from './chatFeed'
import { Messages } from './Messages'
import { chatOutbox, takeBack, withoutArrived } from './sending'
import { keepWish } from './wish'
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
  const drafts = useMemo(() => draftsOf(visit.conversation, 'sessionStorage'), [visit.conversation])
  const outbox = useMemo(
    () => chatOutbox(feed, visit.conversation, drafts, (token, conversation) => onGo({ ...visit, token, conversation, cursor: connection.position() ?? visit.cursor })),
    [feed, visit, drafts, onGo, connection],
  )
  useEffect(() => outbox.start(), [outbox])
  const outgoing = useOutgoing(outbox, visit.conversation)
  const attending = useAttending(connection, visit.conversation, { window: windowName(), typingOnly: true })
  const sending = withoutArrived(outgoing, chat?.messages ?? [])
  useUnloadWarning(useCallback(() => drafts.unsent() || outbox.unsent(), [drafts, outbox]), useCallback((listener: () => void) => both(drafts.subscribe(listener), outbox.subscribe(listener)), [drafts, outbox]))
  const leave = useCallback(
    (why: string | null) => {
      // What was typed here, or never arrived, begins the next message.
      const unsent = outbox.of(visit.conversation).filter(({ state }) => state !== 'sending')
      keepWish([...unsent.map(({ text }) => text), drafts.get(visit.conversation)?.text ?? ''], drafts, visit.conversation)
      for (const item of unsent) outbox.drop(item)
      onGo(null, why)
    },
    [outbox, drafts, visit.conversation, onGo],
  )
  useEffect(() => {
    if (over) leave(GONE)
  }, [over, leave])

  return (
    <DraftsContext value={drafts}>
      <main className="chat">
        <header className="chat-head">
          <h1>{visit.company}</h1>
          <Button look="bare" onClick={() => leave(null)}>
            New chat
          </Button>
        </header>
        <ConnectionBar state={connection.state} onRefused={() => leave(GONE)} />
        {chat ? (
          <>
            <HostLine conversation={chat.conversation} />
            <Messages chat={chat} onEarlier={() => void feed.earlier()} sending={sending.map(({ key }) => key)}>
              <Outgoing items={sending} window={windowName()} onAgain={(item) => outbox.again(item)} onEdit={(item) => takeBack(drafts, outbox, item)} onDrop={(item) => outbox.drop(item)} />
            </Messages>
            <Answering connection={connection} conversation={visit.conversation} />
            <Write
              attending={attending}
              conversation={chat.conversation}
              onSend={(way, text, key) => outbox.send(visit.conversation, text, { way, after: Math.max(0, ...chat.messages.map(({ sequence }) => sequence)) }, key)}
            />
          </>
        ) : (
          <p className="chat-wait quiet" role="status">
            {fault ? `${fault.message} Trying again…` : 'One moment…'}
          </p>
        )}
      </main>
    </DraftsContext>
  )
}

const GONE = 'Your last chat can no longer be reached. Start a new one.'

const both = (first: () => void, second: () => void) => () => {
  first()
  second()
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
