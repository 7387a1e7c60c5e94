import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Attendance, useAttending, usePresent } from '../design/attendance'
import { Button } from '../design/Button'
import { Actions } from './Actions'
import { AttentionLine } from './AttentionLine'
import { Composer } from './Composer'
import { Details } from './Details'
import { useDesk } from './desk'
import { OfferBar } from './OfferBar'
import { Owner } from './Owner'
import { Watching } from './Watching'
import { go } from './place'
import { Stream } from './Stream'
import { takeBack, withoutArrived } from './outgoing'
import { Outgoing, useOutgoing } from '../design/Outgoing'
import { windowName } from '../design/outbox'
import { UnsentText } from './UnsentText'
import { ThreadFeed } from './threadFeed'
import { useVerbs } from './useVerbs'
import { isolated } from '../design/text'
import './conversation.css'

/** One open conversation, live. */
export function Conversation({ id, view }: { id: string; view: string }) {
  const { connection, outbox, drafts, answers, me, rights } = useDesk()
  const feed = useMemo(() => new ThreadFeed(connection, id), [connection, id])
  useEffect(() => feed.start(), [feed])
  useEffect(() => answers.follow(id, (news) => feed.tell(news)), [answers, id, feed])
  // What one may do with it is part of what was fetched.
  const before = useRef(rights)
  useEffect(() => {
    if (before.current === rights) return
    before.current = rights
    feed.refresh()
  }, [feed, rights])
  const { thread, fault } = useSyncExternalStore(feed.state.subscribe, feed.state.get)
  const verbs = useVerbs(feed)
  const outgoing = useOutgoing(outbox, id)
  const attendance = useMemo(() => new Attendance(connection, { conversationIds: [id] }), [connection, id])
  useEffect(() => attendance.start(), [attendance])
  const present = usePresent(attendance, id)
  const attending = useAttending(connection, id, { window: windowName() })
  const [details, setDetails] = useState(false)
  const back = () => go({ view, conversation: null })

  if (!thread) {
    return (
      <main className="conversation-pane empty">
        {fault ? <p role="alert">{fault.message}</p> : <p className="quiet">Loading…</p>}
        <Button icon="back" className="back-button" onClick={back}>
          Back to the list
        </Button>
        {fault && <UnsentText place={id} title="What you typed here and did not send" />}
      </main>
    )
  }
  const { conversation } = thread
  const sending = withoutArrived(outgoing, thread.messages, me.id)
  return (
    <main className="conversation-pane" data-details={details || undefined}>
      <header>
        <div className="conversation-title">
          <Button look="bare" icon="back" className="back-button" aria-label="Back to the list" onClick={back} />
          <h2 tabIndex={-1} dir="auto">{conversation.subject || `Chat with ${isolated(conversation.contact.name ?? 'a visitor')}`}</h2>
          <Button look="bare" icon="info" className="details-button" aria-label="Details" aria-pressed={details} onClick={() => setDetails(!details)} />
        </div>
        <div className="conversation-about">
          <Owner conversation={conversation} />
          <Watching conversation={conversation} />
        </div>
        <Actions conversation={conversation} verbs={verbs} lost={thread.lost} />
      </header>
      {thread.lost && (
        <p className="banner bad" role="alert">
          {conversation.assignee ? `${isolated(conversation.assignee.name)} owns this conversation now` : 'This conversation has moved on'}, and you may no longer read it. Nothing new shows up here.
        </p>
      )}
      {!thread.lost && <OfferBar conversation={conversation} verbs={verbs} />}
      <Stream thread={thread} onEarlier={() => void feed.earlier()} sending={sending.map(({ key }) => key)}>
        <Outgoing items={sending} window={windowName()} onAgain={(item) => outbox.again(item)} onEdit={(item) => takeBack(drafts, outbox, item)} onDrop={(item) => outbox.drop(item)} />
      </Stream>
      <AttentionLine present={present} />
      {thread.lost ? (
        <div className="composer">
          <UnsentText place={id} title="What you typed here and did not send" />
        </div>
      ) : (
        <Composer conversation={conversation} attending={attending} newest={Math.max(0, ...thread.messages.map(({ sequence }) => sequence))} />
      )}
      <Details thread={thread} verbs={verbs} />
    </main>
  )
}
