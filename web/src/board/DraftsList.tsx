import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '../design/Button'
import { useDrafts } from '../design/drafts'
import { Rest } from '../design/rest'
import { useDesk } from './desk'
import { hashOf } from './place'
import { UnsentText } from './UnsentText'
import './drafts.css'

/** Opens the list of what one typed and has not sent, wherever that was. It is there while there is something in it. */
export function DraftsButton({ view }: { view: string }) {
  const drafts = useDrafts()
  const { outbox } = useDesk()
  const [open, setOpen] = useState(false)
  const count = useSyncExternalStore(drafts.subscribe, () => drafts.places().length)
  const failed = useSyncExternalStore(outbox.subscribe, () => outbox.conversations().length)
  if (count + failed === 0 && !open) return null
  return (
    <>
      <Button look="bare" icon="note" onClick={() => setOpen(true)}>
        {`Unsent (${count + failed})`}
      </Button>
      {open && <DraftsList view={view} onClose={() => setOpen(false)} />}
    </>
  )
}

const KINDS: Record<string, string> = { assign: 'Note for an assignment', transfer: 'Note for a transfer', decline: 'Why you decline an offer' }

function DraftsList({ view, onClose }: { view: string; onClose: () => void }) {
  const drafts = useDrafts()
  const { outbox } = useDesk()
  const dialog = useRef<HTMLDialogElement>(null)
  const places = useSyncExternalStore(drafts.subscribe, () => JSON.stringify(drafts.places()))
  const sent = useSyncExternalStore(outbox.subscribe, () => JSON.stringify(outbox.conversations()))
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const listed = JSON.parse(places) as string[]
  return (
    <dialog ref={dialog} className="shortcuts drafts" aria-label="Unsent texts" onClose={onClose}>
      <header>
        <h2>Unsent texts</h2>
        <Button look="bare" icon="close" aria-label="Close" onClick={() => dialog.current?.close()} />
      </header>
      <p className="quiet">They are kept in this browser until you send or discard them.</p>
      {(JSON.parse(sent) as string[]).map((conversation) => (
        <p key={conversation}>
          <a href={hashOf({ view, conversation })} onClick={() => dialog.current?.close()}>
            {outbox.of(conversation).length} sent and not answered yet
          </a>
        </p>
      ))}
      {listed.map((place) => {
        const [conversation, kind] = place.split('#')
        return (
          <div key={place}>
            {/* One that goes brings the next below the pointer. */}
            <Rest on={places}>
              <UnsentText place={place} title={(kind && KINDS[kind]) ?? (drafts.get(place)?.internal ? 'Internal note' : 'Reply')} />
            </Rest>
            <a href={hashOf({ view, conversation: conversation! })} onClick={() => dialog.current?.close()}>
              Open the conversation
            </a>
          </div>
        )
      })}
      {listed.length === 0 && sent === '[]' && <p>Nothing is left.</p>}
    </dialog>
  )
}
