import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react'
import type { Attending } from '../../client/index'
import { Button } from '../design/Button'
import { useDraft } from '../design/drafts'
import { composing } from '../design/keyboard'
import { Limit } from '../design/Limit'
import { Rest, useRest } from '../design/rest'
import { tooLong } from '../design/text'
import type { Visited } from './chat'
import type { Way } from './chatFeed'

interface Props {
  conversation: Visited
  /** Sends a text. key is of an earlier try of the same text. */
  onSend: (way: Way, text: string, key?: string) => void
  /** Shows that the visitor types; null before it is there. */
  attending: Attending | null
}

const HINTS = ['Where is my parcel?', 'I have a question about an invoice', 'I would like to talk to a person']
const LONGEST = 10_000

/** Where the visitor writes. A closed chat is opened again with what is written, or left for a new one. */
export function Write({ conversation, onSend, attending }: Props) {
  const [draft, setDraft] = useDraft(conversation.id)
  const [asked, setAsked] = useState<Way | null>(null)
  const [hinted, setHinted] = useState(0)
  const closed = conversation.status === 'CLOSED'
  const ways: Way[] = closed ? ['again', 'anew'] : ['say']
  const meaning = `${ways.join()} ${asked ?? ''}`
  const resting = useRest(meaning)
  const body = draft.text.trim()
  const missing = body ? tooLong(body, LONGEST) : 'Write something first'

  const drafted = draft.text !== ''
  useEffect(() => attending?.drafts(drafted), [attending, drafted])

  function type(text: string) {
    if (text) attending?.typed()
    setDraft({ ...draft, text, meant: draft.text ? (draft.meant ?? []) : ways })
    if (!text) setAsked(null)
  }
  function send(way: Way) {
    if (missing || (asked !== null && resting)) return
    if (!(draft.meant ?? []).includes(way) && asked !== way) return setAsked(way)
    const { tried } = draft
    setDraft(null)
    setAsked(null)
    onSend(way, body, tried?.way === way && tried.text === body ? tried.key : undefined)
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    send(ways[0]!)
  }
  function press(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || composing(event)) return
    event.preventDefault()
    send(ways[0]!)
  }

  return (
    <form className="write" onSubmit={submit}>
      {conversation.handler === 'AI' && !closed && (
        <ul className="hints" aria-label="You could say">
          <Rest on={String(hinted)}>
            {HINTS.map((hint) => (
              <li key={hint}>
                <Button onClick={() => (setHinted(hinted + 1), onSend('say', hint))}>{hint}</Button>
              </li>
            ))}
          </Rest>
        </ul>
      )}
      {closed && <p className="write-closed">This chat was closed. Write to open it again, or to start a new one.</p>}
      <textarea rows={2} dir="auto" value={draft.text} aria-label="Message" placeholder="Write a message" onChange={(event) => type(event.target.value)} onKeyDown={press} />
      <Limit text={body} limit={LONGEST} />
      {asked && (
        <p className="ask" role="alert">
          {asked === 'say' ? 'This chat was opened again while you wrote.' : 'This chat was closed while you wrote.'} {ASKS[asked]}
        </p>
      )}
      <div className="write-send">
        <Rest on={meaning}>
          {closed && (
            <Button denied={missing} onClick={() => send('anew')}>
              Start a new chat
            </Button>
          )}
          <Button look="primary" type="submit" denied={missing}>
            {closed ? 'Open again' : 'Send'}
          </Button>
        </Rest>
      </div>
    </form>
  )
}

const ASKS: Record<Way, string> = {
  say: 'Press Send again to send it here.',
  again: 'Press Open again once more to open it with your message.',
  anew: 'Press Start a new chat once more to start one with your message.',
}
