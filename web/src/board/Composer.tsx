import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { useDesk } from './desk'
import { allowed, verdictOf } from './kinds'
import type { Opened } from './thread'
import { useShortcuts } from './useShortcuts'
import type { Verbs } from './useVerbs'
import type { Verb } from './verbs'
import { denial } from './words'

const LONGEST = 10_000

interface Way {
  label: string
  denied: string | null
  verb: (body: string) => Verb
}

/** Where one writes. It offers what sending means now: reply, take over and send, reopen and reply. */
export function Composer({ conversation, verbs }: { conversation: Opened; verbs: Verbs }) {
  const [body, setBody] = useState('')
  const [internal, setInternal] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const { me } = useDesk()
  const ways = waysToSend(conversation, internal, me.id)
  const first = ways.find(({ denied }) => !denied) ?? ways[0]!
  const write = (note: boolean) => {
    setInternal(note)
    field.current?.focus()
  }
  useShortcuts({ r: () => write(false), n: () => write(true) })

  async function send(way: Way) {
    const text = body.trim()
    if (!text || way.denied || verbs.busy) return
    if (await verbs.run(way.verb(text))) setBody('')
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    void send(first)
  }
  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send(first)
    if (event.key === 'Escape') field.current?.blur()
  }

  return (
    <form className="composer" data-internal={internal || undefined} onSubmit={submit}>
      <Banner conversation={conversation} internal={internal} />
      <div className="composer-tabs">
        <button type="button" aria-pressed={!internal} onClick={() => write(false)}>
          Reply
        </button>
        <button type="button" aria-pressed={internal} onClick={() => write(true)}>
          <Icon name="note" size={13} /> Note
        </button>
      </div>
      <textarea
        ref={field}
        rows={3}
        maxLength={LONGEST}
        value={body}
        aria-label={internal ? 'Internal note' : 'Reply'}
        placeholder={internal ? 'Only your colleagues see this' : `Write to ${conversation.contact.name ?? 'the visitor'}`}
        onChange={(event) => setBody(event.target.value)}
        onKeyDown={press}
      />
      <div className="composer-send">
        <span className="quiet">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> sends
        </span>
        {ways.map((way) => (
          <Button
            key={way.label}
            look={way === first ? 'primary' : 'plain'}
            type={way === first ? 'submit' : 'button'}
            denied={way.denied ?? (body.trim() ? null : 'Write something first')}
            busy={verbs.busy !== null}
            onClick={way === first ? undefined : () => void send(way)}
          >
            {way.label}
          </Button>
        ))}
      </div>
    </form>
  )
}

function Banner({ conversation, internal }: { conversation: Opened; internal: boolean }) {
  const { me } = useDesk()
  const { assignee, handler, originAgent, status } = conversation
  if (internal) return null
  if (status === 'CLOSED') return <p className="banner">This conversation is closed.</p>
  if (assignee && assignee.id !== me.id) {
    return (
      <p className="banner takeover">
        <Icon name="bolt" size={14} />
        <span>
          <strong>{assignee.name}</strong> owns this conversation.
          {allowed(conversation, 'TAKE_OVER') && ' To answer, take it over: they are told at once.'}
        </span>
      </p>
    )
  }
  if (!assignee && handler === 'AI') return <p className="banner">{originAgent?.name ?? 'The AI agent'} answers here. Claim it to answer yourself.</p>
  return null
}

// Notes are for who may reply to such conversations, whoever owns this one, closed or not.
const MAY_NOTE = new Set<string | null>([null, 'TAKEOVER_REQUIRED', 'NOT_ASSIGNEE', 'STATE'])

/** What sending means in the conversation's present state, most usual first. */
function waysToSend(conversation: Opened, internal: boolean, myId: string): Way[] {
  const { assignee, status } = conversation
  const why = (action: Parameters<typeof verdictOf>[1]) => denial(verdictOf(conversation, action), assignee?.id === myId ? undefined : assignee?.name)
  if (internal) return [{ label: 'Add note', denied: MAY_NOTE.has(verdictOf(conversation, 'REPLY')?.reason ?? null) ? null : why('REPLY'), verb: (body) => ({ type: 'send', body, internal: true }) }]
  if (status === 'CLOSED') {
    return [
      { label: 'Reopen & reply', denied: why('REOPEN_AND_REPLY'), verb: (body) => ({ type: 'reopenAndReply', body }) },
      { label: 'Start new', denied: why('START_NEW'), verb: (body) => ({ type: 'startNew', body }) },
    ]
  }
  const reply: Way = { label: 'Send', denied: why('REPLY'), verb: (body) => ({ type: 'send', body, internal: false }) }
  if (!assignee || assignee.id === myId || !reply.denied) return [reply]
  return [{ label: 'Takeover & send', denied: why('TAKE_OVER'), verb: (message) => ({ type: 'takeOver', message }) }]
}
