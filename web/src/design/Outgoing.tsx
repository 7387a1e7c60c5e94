import { useSyncExternalStore } from 'react'
import { Button } from './Button'
import type { Outbox, Outgoing as Item } from './outbox'
import { Rest } from './rest'
import { useNow } from './time'
import './typed.css'

interface Props<Payload> {
  items: readonly Item<Payload>[]
  /** This window: what another one sends is left to it for a while. */
  window: string
  onAgain: (item: Item<Payload>) => void
  onEdit: (item: Item<Payload>) => void
  onDrop: (item: Item<Payload>) => void
}

const ALIVE = 30_000 // milliseconds for which another window is thought to send

/** What was sent and is not answered yet, at the end of what was said. */
export function Outgoing<Payload>({ items, window, onAgain, onEdit, onDrop }: Props<Payload>) {
  const now = useNow()
  const listed = items.map(({ key }) => key).join() // one that goes brings another below the pointer
  return items.map((item) => {
    const state = item.state !== 'failed' && item.window !== window && now - item.at > ALIVE ? 'failed' : item.state
    return (
      <li key={item.key} className="outgoing" data-state={state}>
        <p className="bubble" dir="auto">
          {item.text}
        </p>
        <div className="outgoing-state" role={state === 'failed' ? 'alert' : 'status'}>
          {state === 'sending' && 'Sending…'}
          {state === 'waiting' && `Not sent yet: ${item.why} Trying again…`}
          {state === 'failed' && `Not sent. ${item.why ?? 'Nobody knows whether it arrived.'}`}
          {state !== 'sending' && (
            <span className="outgoing-do">
              <Rest on={`${state} ${listed}`}>
                {state === 'failed' && <Button onClick={() => onAgain(item)}>Send again</Button>}
                <Button onClick={() => onEdit(item)}>Edit</Button>
                <Button look="bare" onClick={() => onDrop(item)}>
                  Discard
                </Button>
              </Rest>
            </span>
          )}
        </div>
      </li>
    )
  })
}

/** What was sent in a conversation and is not answered. */
export function useOutgoing<Payload, Result>(outbox: Outbox<Payload, Result>, conversation: string): readonly Item<Payload>[] {
  return useSyncExternalStore(outbox.subscribe, () => outbox.of(conversation))
}
