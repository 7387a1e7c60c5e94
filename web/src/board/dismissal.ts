import { type RefObject, useEffect, useState } from 'react'

/** Closes a panel by Escape and by a press elsewhere, and gives the focus back to where it was. */
export function useDismissal(panel: RefObject<HTMLElement | null>, onClose: () => void): void {
  const [before] = useState(() => document.activeElement)
  useEffect(() => () => void (before instanceof HTMLElement && before.focus()), [before])
  useEffect(() => {
    // What a dialog over the panel asks is part of what the panel does.
    const outside = ({ target }: Event) => !panel.current?.contains(target as Node) && !document.querySelector('dialog[open]')
    // The second press of a double click, on a button that rests, is not meant to close what the first one opened.
    const away = (event: PointerEvent) => outside(event) && !(event.target as Element).closest('[data-resting]') && onClose()
    const escape = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !outside(event)) return
      event.preventDefault() // it closes the panel, and not the conversation
      onClose()
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('keydown', escape)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('keydown', escape)
    }
  }, [panel, onClose])
}
