import { useState } from 'react'
import { Button } from '../design/Button'
import { useDraft } from '../design/drafts'
import '../design/typed.css'

interface Props {
  /** Where it was typed. */
  place: string
  title: string
}

/** A text that can no longer be sent from here: to read, to copy, or to discard. */
export function UnsentText({ place, title }: Props) {
  const [draft, setDraft] = useDraft(place)
  const [copied, setCopied] = useState(false)
  if (!draft.text) return null
  const copy = (field: HTMLTextAreaElement | null) => {
    field?.select()
    // Where a page may not write to the clipboard, the text is selected for Ctrl C.
    navigator.clipboard?.writeText(draft.text).then(() => setCopied(true), () => undefined)
  }
  return (
    <section className="unsent-text" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <span>
          <Button onClick={(event) => copy(event.currentTarget.closest('section')?.querySelector('textarea') ?? null)}>{copied ? 'Copied' : 'Copy'}</Button>
          <Button look="bare" onClick={() => setDraft(null)}>
            Discard
          </Button>
        </span>
      </header>
      <textarea readOnly dir="auto" rows={Math.min(8, draft.text.split('\n').length + 1)} value={draft.text} aria-label={`${title}: text`} />
    </section>
  )
}
