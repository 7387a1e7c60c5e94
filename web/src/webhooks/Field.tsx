import { type ReactNode, useId } from 'react'

interface Props {
  label: string
  /** What the server says is wrong with it. */
  wrong: string | null
  hint?: string
  /** The control, with the attributes that connect it with its words. */
  children: (attributes: { id: string; 'aria-invalid': boolean | undefined; 'aria-describedby': string | undefined }) => ReactNode
}

/** A control with its label, a hint, and what is wrong with what it has. */
export function Field({ label, wrong, hint, children }: Props) {
  const id = useId()
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ')
  return (
    <div className="hooks-field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': Boolean(wrong) || undefined, 'aria-describedby': described || undefined })}
      {hint && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
      <Wrong id={`${id}-wrong`} text={wrong} />
    </div>
  )
}

/** What is wrong, said at once to who cannot see it. */
export function Wrong({ id, text }: { id?: string; text: string | null }) {
  if (!text) return null
  return (
    <p id={id} className="hooks-wrong" role="alert">
      {text}
    </p>
  )
}
