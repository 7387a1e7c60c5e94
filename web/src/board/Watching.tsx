import { Icon } from '../design/Icon'
import { useDesk } from './desk'
import { allowed } from './kinds'
import type { Opened } from './thread'

/** Says to who reads what somebody else answers that nobody sees them do it. */
export function Watching({ conversation }: { conversation: Opened }) {
  const { me } = useDesk()
  const { assignee, handler, originAgent, status } = conversation
  if (status === 'CLOSED' || assignee?.id === me.id || !allowed(conversation, 'MONITOR')) return null
  const who = assignee?.name ?? (handler === 'AI' ? (originAgent?.name ?? 'the AI agent') : null)
  if (!who) return null
  return (
    <p className="watching quiet" dir="auto">
      <Icon name="eye" size={12} /> You watch unseen: neither <bdi>{conversation.contact.name ?? 'the visitor'}</bdi> nor <bdi>{who}</bdi> is told that you read this.
    </p>
  )
}
