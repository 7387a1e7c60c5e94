import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { Fault, newKey } from '../../client'
import { Button } from '../design/Button'
import type { Visited } from './chat'
import type { ChatFeed, Way } from './chatFeed'

interface Props {
  conversation: Visited
  feed: ChatFeed
  /** Another chat was started. */
  onAnew: (token: string, conversation: string) => void
}

const HINTS = ['Where is my parcel?', 'I have a question about an invoice', 'I would like to talk to a person']

/** Where the visitor writes. A closed chat is opened again with what is written, or left for a new one. */
export function Write({ conversation, feed, onAnew }: Props) {
  const [body, setBody] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const key = useRef({ text: '', key: '' }) // of the last try: the same text again is the same message
  const closed = conversation.status === 'CLOSED'
  const first: Way = closed ? 'again' : 'say'

  async function send(way: Way, text = body.trim()) {
    if (!text || busy) return
    setBusy(true)
    setFault(null)
    if (key.current.text !== way + text) key.current = { text: way + text, key: newKey() }
    try {
      const { contactToken, conversation: other } = await feed.send(way, text, key.current.key)
      key.current = { text: '', key: '' }
      setBody('')
      if (way === 'anew' && contactToken && other) onAnew(contactToken, other.id)
    } catch (error) {
      setFault(error instanceof Fault ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    void send(first)
  }
  function press(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void send(first)
  }

  const missing = body.trim() ? null : 'Write something first'
  return (
    <form className="write" onSubmit={submit}>
      {conversation.handler === 'AI' && !closed && (
        <ul className="hints" aria-label="You could say">
          {HINTS.map((hint) => (
            <li key={hint}>
              <Button onClick={() => void send('say', hint)} busy={busy}>
                {hint}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {closed && <p className="write-closed">This chat was closed. Write to open it again, or to start a new one.</p>}
      {fault && (
        <p className="chat-fault" role="alert">
          {fault}
        </p>
      )}
      <textarea rows={2} maxLength={10_000} value={body} aria-label="Message" placeholder="Write a message" onChange={(event) => setBody(event.target.value)} onKeyDown={press} />
      <div className="write-send">
        {closed && (
          <Button denied={missing} busy={busy} onClick={() => void send('anew')}>
            Start a new chat
          </Button>
        )}
        <Button look="primary" type="submit" denied={missing} busy={busy}>
          {closed ? 'Open again' : 'Send'}
        </Button>
      </div>
    </form>
  )
}
