import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { Button } from '../design/Button'
import { useDraft } from '../design/drafts'
import { composing } from '../design/keyboard'
import { Limit } from '../design/Limit'
import { tooLong } from '../design/text'
import { useDesk } from './desk'
import { demands, reasonsFor } from './reasons'
import { ReasonSelect } from './ReasonSelect'
import type { Declining } from './verbs'

interface Props {
  conversationId: string
  /** Resolves to whether it was declined. */
  onDecline: (why: Declining) => Promise<boolean>
  onCancel: () => void
}

const LONGEST = 2000

/** Why one declines an offer. What the workspace demands is asked before it is sent. */
export function DeclineForm({ conversationId, onDecline, onCancel }: Props) {
  const desk = useDesk()
  const [why, setWhy] = useDraft(`${conversationId}#decline`)
  const [picked, setPicked] = useState('')
  const [busy, setBusy] = useState(false)
  const text = why.text.trim()
  const reason = reasonsFor(desk, 'DECLINE').find(({ id }) => id === picked) ?? null
  const wordless = desk.viewer.workspace.rules.declineNeedsReason && !text && !reason
  const missing = demands(desk, 'DECLINE') && !reason ? 'Choose a reason first' : wordless ? 'Say why first' : tooLong(text, LONGEST)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy || missing) return
    setBusy(true)
    if (await onDecline({ reason, text })) setWhy(null)
    setBusy(false)
  }
  function press(event: KeyboardEvent) {
    if (event.key !== 'Escape' || composing(event)) return
    event.preventDefault() // it closes the form, and not the conversation
    event.stopPropagation()
    onCancel()
  }

  return (
    <form className="decline" aria-label="Decline the offer" onSubmit={(event) => void submit(event)} onKeyDown={press}>
      <ReasonSelect usages={['DECLINE']} value={picked} onChange={setPicked} />
      <label>
        <span>Why, for who offered it; never shown to the visitor</span>
        <input autoFocus dir="auto" value={why.text} onChange={(event) => setWhy({ text: event.target.value })} />
      </label>
      <Limit text={text} limit={LONGEST} />
      <span className="decline-do">
        <Button type="submit" busy={busy} denied={missing}>
          Decline it
        </Button>
        <Button look="bare" onClick={onCancel}>
          Cancel
        </Button>
      </span>
    </form>
  )
}
