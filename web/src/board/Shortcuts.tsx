import { useEffect, useRef } from 'react'
import { Button } from '../design/Button'
import type { View } from './views'

const KEYS: [string[], string][] = [
  [['↓', '↑'], 'Next and previous conversation'],
  [['j', 'k'], 'The same'],
  [['Enter'], 'Go into the conversation'],
  [['Esc'], 'Back to the list'],
  [['/'], 'Search the list'],
  [['c'], 'Claim'],
  [['o'], 'Take over'],
  [['a'], 'Assign'],
  [['t'], 'Transfer'],
  [['l'], 'Leave'],
  [['e'], 'Close or reopen'],
  [['r'], 'Write a reply'],
  [['n'], 'Write a note'],
  [['Ctrl', 'Enter'], 'Send'],
  [['g'], 'Go to the newest notice in the corner'],
  [['?'], 'This page'],
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
      <dl>
        {[...KEYS, ...numbered].map(([keys, what]) => (
          <div key={what + keys.join()}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
