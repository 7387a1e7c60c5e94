import { memo, useEffect, useRef } from 'react'
import { Avatar } from '../design/Avatar'
import { type Attendance, usePresent } from '../design/attendance'
import { Icon } from '../design/Icon'
import { useDrafted } from '../design/drafts'
import { useOutgoing } from '../design/Outgoing'
import { RowPresent } from './AttentionLine'
import { Countdown } from './Countdown'
import { useDesk } from './desk'
import type { Entry, Row } from './list'
import { hashOf } from './place'
import { ago } from '../design/time'
import { preview } from './preview'
import { asleep } from './sleep'
import { leaveReason, whomOffered } from './words'

interface Props {
  entry: Entry
  view: string
  selected: boolean
  /** One of many that something is to be done to at once. */
  chosen: boolean
  now: number
  /** More changes than one can follow: none of them is highlighted. */
  still: boolean
  onHeight: (element: HTMLElement | null) => void
  index: number
  attendance: Attendance
}

const HIGHLIGHT = 1400

/** A conversation in the list. */
export const ListRow = memo(function ListRow({ entry, view, selected, chosen, now, still, onHeight, index, attendance }: Props) {
  const { row, flash, leaving } = entry
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!flash || still || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const colour = flash.kind === 'entered' ? 'var(--good-soft)' : 'var(--accent-soft)'
    item.current?.animate([{ backgroundColor: colour }, { backgroundColor: colour, offset: 0.4 }, {}], HIGHLIGHT)
  }, [flash])
  useEffect(() => onHeight(item.current), [onHeight])
  const visitor = row.contact.name ?? 'Visitor'
  const drafted = useDrafted(row.id)
  const unsent = useOutgoing(useDesk().outbox, row.id).some(({ state }) => state !== 'sending')
  const present = usePresent(attendance, row.id)
  return (
    <li ref={item} data-id={row.id} data-index={index} className="list-row" data-leaving={leaving ?? undefined} data-chosen={chosen || undefined}>
      <a href={hashOf({ view, conversation: row.id })} aria-current={selected || undefined}>
        <span className="list-row-top">
          <Icon name={row.kind === 'LIVECHAT' ? 'chat' : 'ticket'} size={14} />
          <strong>
            <bdi>{visitor}</bdi>
          </strong>
          {chosen && <span className="chip">Chosen</span>}
          {unsent ? <span className="chip unsent">Not sent</span> : drafted && <span className="chip draft">Draft</span>}
          <RowPresent present={present} />
          <time dateTime={row.lastActivityAt}>{ago(row.lastActivityAt, now)}</time>
        </span>
        <span className="list-row-subject" dir="auto">{row.subject || 'Chat'}</span>
        <span className="list-row-bottom">
          <Preview row={row} />
          {leaving ? <span className="chip">{leaveReason(leaving)}</span> : <Owner row={row} now={now} />}
        </span>
      </a>
    </li>
  )
})

function Preview({ row }: { row: Row }) {
  const { me } = useDesk()
  const { by, robot, text } = preview(row, me.id)
  return (
    <span className="preview" dir="auto">
      {by && (
        <>
          {robot && <span className="chip ai">AI</span>} <bdi>{by}</bdi>:{' '}
        </>
      )}
      {text}
    </span>
  )
}

function Owner({ row, now }: { row: Row; now: number }) {
  const { me } = useDesk()
  const { assignee, team, handler, status, waitingSince, queuePosition, snooze, offer } = row
  if (snooze) return <span className="chip asleep">{asleep(snooze.until, now)}</span>
  if (status === 'CLOSED') return <span className="chip">Closed</span>
  if (offer) {
    return (
      <span className="chip offered">
        <Icon name="swap" size={12} /> <bdi>{`Offered to ${whomOffered(offer, me.id)}`}</bdi> <Countdown until={offer.expiresAt} />
      </span>
    )
  }
  if (assignee) {
    return (
      <span className="owner">
        <Avatar name={assignee.name} size={18} />
        <bdi>{assignee.id === me.id ? 'You' : assignee.name.split(' ')[0]}</bdi>
      </span>
    )
  }
  if (handler === 'AI') return <span className="chip ai">AI</span>
  return (
    <span className="chip waiting">
      {queuePosition ? `#${queuePosition} ` : ''}
      {waitingSince ? `waits ${ago(waitingSince, now)}` : 'unowned'}
      {team ? ` · ${team.name}` : ''}
    </span>
  )
}
