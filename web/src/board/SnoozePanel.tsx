import { useRef } from 'react'
import { Button } from '../design/Button'
import { serverNow } from '../design/clock'
import { Rest } from '../design/rest'
import { useDismissal } from './dismissal'
import { type Sleep, sleeps } from './sleep'
import type { Opened } from './thread'
import './snooze.css'

interface Props {
  conversation: Opened
  onPick: (until: Sleep['until']) => void
  onClose: () => void
}

/** Picks until when a conversation is put aside. */
export function SnoozePanel({ conversation, onPick, onClose }: Props) {
  const panel = useRef<HTMLDivElement>(null)
  useDismissal(panel, onClose)
  return (
    <div ref={panel} className="snooze-panel" role="dialog" aria-label="Snooze" onKeyDown={(event) => event.key === 'Escape' && (event.preventDefault(), event.stopPropagation(), onClose())}>
      <Rest on={conversation.id}>
        {sleeps(conversation, serverNow()).map(({ label, until, denied }, index) => (
          <Button key={label} look="bare" autoFocus={index === 0} denied={denied} onClick={() => onPick(until)}>
            {label}
          </Button>
        ))}
      </Rest>
      <p className="quiet">A message of the visitor wakes it in any case.</p>
    </div>
  )
}
