import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Attending } from '../../client/index'
import { Button } from '../design/Button'
import { useDraft } from '../design/drafts'
import { Icon } from '../design/Icon'
import { composing } from '../design/keyboard'
import { Limit } from '../design/Limit'
import { useOutgoing } from '../design/Outgoing'
import { Rest, useRest } from '../design/rest'
import { tooLong } from '../design/text'
import { useDesk } from './desk'
import { allowed } from './kinds'
import { ownedSoon, type Way as WayName } from './outgoing'
import { askWhy } from './reasons'
import type { Opened } from './thread'
import { useShortcuts } from './useShortcuts'
import { changed, type Way, waysToSend } from './ways'

const LONGEST = 10_000

interface Props {
  conversation: Opened
  /** The sequence of the newest message. */
  newest: number
  /** Shows others that one writes here; null before it is there. */
  attending: Attending | null
}

/** Where one writes. It offers what sending means now: reply, take over and send, reopen and reply. */
export function Composer({ conversation, newest, attending }: Props) {
  const desk = useDesk()
  const { me, outbox } = desk
  const [draft, setDraft] = useDraft(conversation.id)
  const [asked, setAsked] = useState<WayName | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const internal = draft.internal ?? false
  const ways = waysToSend(conversation, internal, me.id, ownedSoon(useOutgoing(outbox, conversation.id)))
  const first = ways.find(({ denied }) => !denied) ?? ways[0]!
  const meaning = `${ways.map(({ label }) => label).join('|')} ${asked ?? ''}`
  const resting = useRest(meaning)
  const body = draft.text.trim()
  const missing = body ? tooLong(body, LONGEST) : 'Write something first'

  const drafted = draft.text !== ''
  useEffect(() => attending?.drafts(drafted, internal), [attending, drafted, internal])

  function type(text: string) {
    if (text) attending?.typed(internal)
    setDraft({ ...draft, text, meant: draft.text ? (draft.meant ?? []) : ways.map(({ name }) => name) })
    if (!text) setAsked(null)
  }
  function write(note: boolean) {
    // A reply may become a note for colleagues unasked, and a note never a reply.
    setDraft({ ...draft, internal: note, meant: note && draft.text ? [...(draft.meant ?? []), 'note'] : (draft.meant ?? []) })
    setAsked(null)
    field.current?.focus()
  }
  useShortcuts({ reply: () => write(false), note: () => write(true) })

  async function send(way: Way) {
    if (missing || way.denied || (asked !== null && resting)) return
    if (!(draft.meant ?? []).includes(way.name) && asked !== way.name) return setAsked(way.name)
    const reasonCodeId = await askWhy(desk, way.name === 'takeOver' && conversation.assignee ? 'TAKEOVER' : null)
    if (reasonCodeId === undefined) return
    const { tried } = draft
    const key = tried?.way === way.name && tried.text === body && (tried.reasonCodeId ?? null) === reasonCodeId ? tried.key : undefined
    setDraft(way.name === 'note' ? { text: '', internal: true } : null)
    setAsked(null)
    outbox.send(conversation.id, body, { way: way.name, version: conversation.version, after: newest, reasonCodeId }, key)
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    void send(first)
  }
  function press(event: KeyboardEvent) {
    if (composing(event)) return
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
        dir="auto"
        value={draft.text}
        aria-label={internal ? 'Internal note' : 'Reply'}
        placeholder={internal ? 'Only your colleagues see this' : `Write to ${conversation.contact.name ?? 'the visitor'}`}
        onChange={(event) => type(event.target.value)}
        onKeyDown={press}
      />
      <Limit text={body} limit={LONGEST} />
      {asked && (
        <p className="ask" role="alert">
          <Icon name="info" size={14} /> {changed(asked, conversation, draft.meant ?? [])}
        </p>
      )}
      <div className="composer-send">
        <span className="quiet">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> sends
        </span>
        <Rest on={meaning}>
          {ways.map((way) => (
            <Button
              key={way.name}
              look={way === first ? 'primary' : 'plain'}
              type={way === first ? 'submit' : 'button'}
              denied={way.denied ?? missing}
              onClick={way === first ? undefined : () => void send(way)}
            >
              {way.label}
            </Button>
          ))}
        </Rest>
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
          <strong>
            <bdi>{assignee.name}</bdi>
          </strong>{' '}
          owns this conversation.
          {allowed(conversation, 'ACCEPT_OFFER') ? ' To answer, accept their offer.' : allowed(conversation, 'TAKE_OVER') && ' To answer, take it over: they are told at once.'}
        </span>
      </p>
    )
  }
  if (!assignee && handler === 'AI') return <p className="banner">{originAgent?.name ?? 'The AI agent'} answers here. Claim it to answer yourself.</p>
  return null
}
