import { type KeyboardEvent, useEffect, useRef, useSyncExternalStore } from 'react'
import { Button } from '../design/Button'
import { Rest } from '../design/rest'
import { useDesk } from './desk'
import { demands, DOES, type Question, reasonsFor } from './reasons'
import './reasons.css'

/** Asks why, over whatever is on the screen, before what takes a reason is done. */
export function ReasonDialog() {
  const { why } = useDesk()
  const asked = useSyncExternalStore(why.asked.subscribe, why.asked.get)
  return asked && <Reasons question={asked} />
}

function Reasons({ question: { usage, answer } }: { question: Question }) {
  const desk = useDesk()
  const dialog = useRef<HTMLDialogElement>(null)
  const picked = useRef<string | null | undefined>(undefined)
  const [reasons, demanded] = [reasonsFor(desk, usage), demands(desk, usage)]
  useEffect(() => dialog.current?.showModal(), [])

  // The dialog is closed first, so that the focus is back where it was when the act begins.
  function pick(id: string | null) {
    picked.current = id
    dialog.current?.close()
  }
  function press(event: KeyboardEvent<HTMLElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    const all = [...event.currentTarget.querySelectorAll('button')]
    all.at((all.indexOf(document.activeElement as HTMLButtonElement) + step) % all.length)?.focus()
    event.preventDefault()
  }

  return (
    <dialog ref={dialog} className="reasons" aria-label={`${DOES[usage]}: why`} onClose={() => answer(picked.current)} onKeyDown={press}>
      <h2>{DOES[usage]}: why?</h2>
      <p className="quiet">{demanded ? (reasons.length > 0 ? 'Your workspace asks for a reason.' : 'Your workspace asks for a reason and has none to pick. Ask who manages it.') : 'You need not give one.'}</p>
      <Rest on={`${usage} ${reasons.length}`}>
        {!demanded && (
          <Button autoFocus onClick={() => pick(null)}>
            Without a reason
          </Button>
        )}
        {reasons.map(({ id, name }, index) => (
          <Button key={id} autoFocus={demanded && index === 0} dir="auto" onClick={() => pick(id)}>
            {name}
          </Button>
        ))}
        <Button look="bare" onClick={() => dialog.current?.close()}>
          Cancel
        </Button>
      </Rest>
    </dialog>
  )
}
