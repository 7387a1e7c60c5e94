import { Button } from '../design/Button'
import { Dialog } from './Dialog'

interface Props {
  name: string
  busy: boolean
  onDelete: () => void
  onCancel: () => void
}

/** Asks once before an endpoint is gone. */
export function DeleteDialog({ name, busy, onDelete, onCancel }: Props) {
  return (
    <Dialog title={`Delete ${name}?`} onClose={onCancel}>
      <p>Nothing more is sent to it, also what waits now. Its secret, its settings and the list of its deliveries are gone for good. To stop for a while, pause it.</p>
      <div className="hooks-do">
        <Button look="bare" autoFocus onClick={onCancel}>
          Cancel
        </Button>
        <Button look="danger" busy={busy} onClick={onDelete}>
          Delete for good
        </Button>
      </div>
    </Dialog>
  )
}
