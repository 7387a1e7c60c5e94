import { useState } from 'react'
import { Button } from '../design/Button'
import { Dialog } from './Dialog'
import { Field } from './Field'

interface Props {
  name: string
  busy: boolean
  onRotate: (overlapSeconds: number) => void
  onCancel: () => void
}

const DAY = 24 * 60 * 60
const OVERLAPS = [
  [0, 'None: the one before ends at once'],
  [60 * 60, 'An hour'],
  [DAY, 'A day'],
  [7 * DAY, 'A week'],
  [30 * DAY, '30 days'],
] as const

/** Asks for how long the secret before signs too. */
export function RotateDialog({ name, busy, onRotate, onCancel }: Props) {
  const [overlap, setOverlap] = useState<number>(DAY)
  return (
    <Dialog title={`Give ${name} another secret`} onClose={onCancel}>
      <Field label="Both sign for" wrong={null} hint="So that the receiver can change over meanwhile.">
        {(attributes) => (
          <select {...attributes} autoFocus value={overlap} onChange={(event) => setOverlap(Number(event.target.value))}>
            {OVERLAPS.map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="hooks-do">
        <Button look="bare" onClick={onCancel}>
          Cancel
        </Button>
        <Button look="primary" busy={busy} onClick={() => onRotate(overlap)}>
          Rotate
        </Button>
      </div>
    </Dialog>
  )
}
