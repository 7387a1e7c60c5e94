import { useRef } from 'react'
import { changedSince, offeredFor } from './stale'
import { denial, sentenceCase } from './words'
import { useDesk } from './desk'
import { type Action, verdictOf } from './kinds'
import type { Opened } from './thread'
import type { Verbs } from './useVerbs'

type Status = Opened['status']

const STATUSES: Status[] = ['UNSET', 'OPEN', 'CLOSED']

/** The status by name. */
export const statusText = (status: Status) => (status === 'UNSET' ? 'Not set' : sentenceCase(status))

// By which permission each change of a status goes.
const actionFor = (from: Status, to: Status): Action => (from === 'CLOSED' ? 'REOPEN' : to === 'CLOSED' ? 'CLOSE' : 'REPLY')

/**
 * The status of a conversation, which can be set where that is allowed. When the owner or the status has changed since the menu was
 * opened, it sets nothing and offers to.
 */
export function StatusMenu({ conversation, verbs, lost }: { conversation: Opened; verbs: Verbs; lost: boolean }) {
  const { me, toasts } = useDesk()
  const opened = useRef<string | null>(null) // what the menu was offered for; null after one's own change
  const open = () => void (opened.current = offeredFor(conversation))
  const { status, assignee } = conversation
  const why = (to: Status) => {
    if (to === status) return null
    if (lost) return 'You may no longer see it'
    return denial(verdictOf(conversation, actionFor(status, to)), assignee?.id === me.id ? undefined : assignee?.name)
  }
  return (
    <select
      className="status-menu"
      aria-label="Status"
      value={status}
      onFocus={open}
      onPointerDown={open}
      onChange={(event) => {
        const next = event.target.value as Status
        event.target.value = status // until the server has set it
        if (next === status || verbs.busy !== null) return
        const set = () => {
          opened.current = null
          void verbs.run({ type: 'status', status: next })
        }
        if (opened.current === null || opened.current === offeredFor(conversation)) return set()
        open()
        toasts.show({ id: `status:${conversation.id}`, tone: 'plain', text: `${changedSince(conversation, me.id)} The status is as it was.`, pinned: true, action: { label: `Set to ${statusText(next)}`, run: set } })
      }}
    >
      {STATUSES.map((to) => (
        <option key={to} value={to} disabled={why(to) !== null} title={why(to) ?? undefined}>
          {statusText(to)}
        </option>
      ))}
    </select>
  )
}
