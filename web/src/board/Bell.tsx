import { useEffect, useRef } from 'react'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { ago, clock, useNow } from '../design/time'
import { type Told, wordsOf } from './notices'
import type { Notices } from './useNotices'
import './notices.css'

const COUNTED = 99

/** How many notices are unread, and the way to their list. */
export function Bell({ notices }: { notices: Notices }) {
  const { unread } = notices.book
  const shown = unread > COUNTED ? `${COUNTED}+` : `${unread}`
  return (
    <>
      <Button look="bare" icon="bell" className="bell" meaning="Notices" aria-haspopup="dialog" aria-expanded={notices.open} aria-label={unread > 0 ? `Notices, ${shown} unread` : 'Notices'} onClick={notices.show}>
        {unread > 0 && <span className="bell-count">{shown}</span>}
      </Button>
      {notices.open && <NoticeList notices={notices} />}
    </>
  )
}

function NoticeList({ notices: { book, feed, hide, look } }: { notices: Notices }) {
  const now = useNow()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="notices" aria-label="Notices" onClose={hide} onClick={(event) => event.target === dialog.current && dialog.current.close()}>
      <div>
        <header>
          <h2>Notices</h2>
          <Button look="bare" denied={book.unread === 0 ? 'All are read' : null} onClick={() => feed.readAll()}>
            Mark all as read
          </Button>
          <Button look="bare" icon="close" aria-label="Close" onClick={() => dialog.current?.close()} />
        </header>
        {book.items.length === 0 && <p className="quiet">Nothing yet. What is assigned to you, taken from you or waits for you is told here.</p>}
        <ol>
          {book.items.map((told) => (
            <Notice key={told.id} told={told} now={now} onLook={() => look(told.conversation.id)} />
          ))}
        </ol>
        {book.older && (
          <p className="list-more">
            <Button look="bare" onClick={() => void feed.more()}>
              Older notices
            </Button>
          </p>
        )}
      </div>
    </dialog>
  )
}

function Notice({ told, now, onLook }: { told: Told; now: number; onLook: () => void }) {
  const { text, detail } = wordsOf(told)
  return (
    <li data-unread={!told.read || undefined}>
      <button type="button" onClick={onLook}>
        <Icon name={told.claimable ? 'hand' : 'info'} size={14} />
        <span dir="auto">
          {!told.read && <span className="sr-only">Unread: </span>}
          <strong>{text}</strong>
          {detail && <span className="quiet">{detail}</span>}
        </span>
        <time dateTime={told.at} title={clock(told.at, now)}>
          {ago(told.at, now)}
        </time>
      </button>
    </li>
  )
}
