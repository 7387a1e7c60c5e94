import { useEffect, useRef } from 'react'
import { chordOf, composing } from '../design/keyboard'
import { type Command, commandOf } from './keys'

const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

type Handlers = Partial<Record<Command, (() => void) | undefined>>

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** Runs the handler of a command when its key is pressed, outside of fields, and not below a dialog. A key that is held down acts once if others see it. */
export function useShortcuts(handlers: Handlers): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || composing(event)) return
      if (document.querySelector('dialog[open]')) return
      // On a Mac Ctrl K deletes the rest of a line that one writes.
      const palette = (MAC ? event.metaKey : event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k'
      if (!palette && typing(event.target)) return
      const key = palette ? 'Ctrl+K' : chordOf(event)
      const command = key === null ? undefined : commandOf(key)
      const run = command && latest.current[command]
      if (!run) return
      event.preventDefault()
      if (!(event.repeat && key!.includes('+'))) run()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
