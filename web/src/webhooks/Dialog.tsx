import { type ReactNode, useEffect, useRef } from 'react'

interface Props {
  title: string
  /** What Escape does; nothing if it is left out. */
  onClose?: () => void
  children: ReactNode
}

/** A question before the rest of the page. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      className="hooks-dialog"
      aria-labelledby="hooks-dialog-title"
      onCancel={(event) => {
        event.preventDefault() // whether it closes is decided here
        onClose?.()
      }}
    >
      <h2 id="hooks-dialog-title">{title}</h2>
      {children}
    </dialog>
  )
}
