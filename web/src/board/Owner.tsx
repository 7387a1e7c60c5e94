import { Avatar } from '../design/Avatar'
import { Icon } from '../design/Icon'
import { useDesk } from './desk'
import type { Opened } from './thread'
import { asleep } from './sleep'
import { ago, useNow } from '../design/time'

/** Who answers a conversation, in one line. */
export function Owner({ conversation }: { conversation: Opened }) {
  const { me } = useDesk()
  const now = useNow()
  const { assignee, team, handler, originAgent, waitingSince, queuePosition, status, kind, channel, snooze } = conversation
  return (
    <p className="owner-line">
      <span className="quiet">
        {kind === 'LIVECHAT' ? 'Chat' : 'Ticket'} · {channel}
      </span>
      {snooze && (
        <span className="chip asleep">
          <Icon name="clock" size={12} /> {asleep(snooze.until, now)}
        </span>
      )}
      {status === 'CLOSED' && <span className="chip">Closed</span>}
      {assignee && (
        <span className="owner" data-testid="owner">
          <Avatar name={assignee.name} size={18} presence={assignee.availability} />
          <bdi>{assignee.id === me.id ? 'You own it' : assignee.name}</bdi>
        </span>
      )}
      {!assignee && handler === 'AI' && (
        <span className="chip ai" data-testid="owner">
          <Icon name="spark" size={12} /> {originAgent?.name ?? 'AI'} answers
        </span>
      )}
      {!assignee && handler !== 'AI' && (
        <span className="chip waiting" data-testid="owner">
          Nobody owns it{waitingSince ? ` · waits ${ago(waitingSince, now)}` : ''}
          {queuePosition ? ` · #${queuePosition} in line` : ''}
        </span>
      )}
      {team && (
        <span className="chip">
          <Icon name="people" size={12} /> {team.name}
        </span>
      )}
    </p>
  )
}
