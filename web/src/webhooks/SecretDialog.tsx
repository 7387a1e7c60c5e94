import { useRef, useState } from 'react'
import { Button } from '../design/Button'
import { Dialog } from './Dialog'

/** A secret that was just made. */
export interface Shown {
  name: string
  /** null when it was made by an earlier request, whose answer was lost. */
  secret: string | null
}

/** Shows a secret this once. Escape does not close it: it is gone afterwards. */
export function SecretDialog({ shown: { name, secret }, onClose }: { shown: Shown; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState('')

  async function copy() {
    field.current?.select()
    try {
      await navigator.clipboard.writeText(secret ?? '')
      setSaid('Copied.')
    } catch {
      setSaid('The browser does not let this page copy. It is selected: copy it yourself.')
    }
  }

  if (secret === null) {
    return (
      <Dialog title="The secret was not shown" onClose={onClose}>
        <p>
          The endpoint <bdi>{name}</bdi> is there, but the answer with its secret was lost on the way. Rotate the secret to get another.
        </p>
        <div className="hooks-do">
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title={`The secret of ${name}`}>
      <p>The receiver verifies with it what it is sent. It is shown this once: keep it where the receiver finds it.</p>
      <label className="hooks-field">
        <span>Secret</span>
        <input ref={field} className="hooks-code" readOnly autoFocus value={secret} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <p role="status" className="quiet">
        {said}
      </p>
      <div className="hooks-do">
        <Button onClick={() => void copy()}>Copy</Button>
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      </div>
    </Dialog>
  )
}
