import { useEffect, useRef } from 'react'
import { chordOf, composing } from '../design/keyboard'
import { type Command, commandOf } from './keys'

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
      const palette = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k'
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
