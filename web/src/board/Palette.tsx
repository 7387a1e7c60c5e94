import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { composing } from '../design/keyboard'
import { useRest } from '../design/rest'
import { printed } from './keys'

/** Something that can be done now. */
export interface Doing {
  name: string
  /** Its key. */
  key: string
  /** Why it cannot be done now; null when it can. */
  denied: string | null
  run: () => void
}

/** Finds what can be done by its name. Nothing is chosen before somebody typed or moved, and Enter does what is marked. */
export function Palette({ doings, onClose }: { doings: Doing[]; onClose: () => void }) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [words, setWords] = useState('')
  const [moved, setMoved] = useState<number | null>(null)
  const found = doings.filter(({ name }) => name.toLowerCase().includes(words.trim().toLowerCase()))
  const current = found.length === 0 ? -1 : moved !== null ? Math.min(moved, found.length - 1) : words.trim() ? 0 : -1
  // What could be done when somebody last typed or moved. When it changes, what is marked is another: Enter then marks it, and does it when pressed again.
  const offered = JSON.stringify(doings.map(({ name, denied }) => [name, denied]))
  const [known, setKnown] = useState(offered)
  const resting = useRest(offered) // for clicks: Enter acts on what was typed
  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  function run(doing: Doing | undefined) {
    if (!doing || doing.denied) return
    dialog.current?.close()
    doing.run()
  }
  function press(event: KeyboardEvent) {
    if (composing(event)) return
    if (event.key === 'ArrowDown') setMoved(Math.min(found.length - 1, current + 1))
    else if (event.key === 'ArrowUp') setMoved(Math.max(0, current - 1))
    else if (event.key !== 'Enter') return
    else if (known === offered) run(found[current])
    event.preventDefault()
    setKnown(offered)
  }

  return (
    <dialog ref={dialog} className="palette" aria-label="What can be done" onClose={onClose}>
      <input
        autoFocus
        role="combobox"
        dir="auto"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        aria-label="Find something to do"
        placeholder="Find something to do"
        value={words}
        onChange={(event) => (setWords(event.target.value), setMoved(null), setKnown(offered))}
        onKeyDown={press}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="What can be done">
        {found.map((doing, index) => (
          <li key={doing.name} id={`${id}-${index}`} role="option" aria-selected={index === current} aria-disabled={doing.denied ? true : undefined} onClick={() => resting || run(doing)}>
            <span>{doing.name}</span>
            {doing.denied ? <span className="quiet">{doing.denied}</span> : printed(doing.key).map((key) => <kbd key={key}>{key}</kbd>)}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="quiet target-none">Nothing by that name.</p>}
    </dialog>
  )
}
