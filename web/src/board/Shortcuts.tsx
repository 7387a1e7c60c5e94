import { useEffect, useRef } from 'react'
import { Button } from '../design/Button'
import { KEYS, printed } from './keys'
import type { View } from './views'

const ROWS: [string[], string][] = [
  ...Object.values(KEYS).flatMap(({ keys, what }): [string[], string][] => keys.map((key) => [printed(key), what])),
  [['Enter'], 'Go into the conversation'],
  [['Ctrl', 'Enter'], 'Send'],
]

/** What can be done without a mouse. */
export function Shortcuts({ views, onClose }: { views: View[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const numbered = views.slice(0, 9).map(({ label }, index): [string[], string] => [[String(index + 1)], `View: ${label}`])
  return (
    <dialog ref={dialog} className="shortcuts" aria-label="Keyboard shortcuts" onClose={onClose}>
      <header>
        <h2>Keyboard shortcuts</h2>
        <Button look="bare" icon="close" aria-label="Close" onClick={() => dialog.current?.close()} />
      </header>
      <p className="quiet shortcuts-about">What others see needs Alt, or the list that Ctrl K opens: a word typed beside a field changes nothing.</p>
      <dl>
        {[...ROWS, ...numbered].map(([keys, what]) => (
          <div key={what + keys.join()}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
