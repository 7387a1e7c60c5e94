import type { KeyboardEvent as ReactKeyboardEvent } from 'react'

const BY_INPUT_METHOD = 229 // the keyCode of a key that an input method takes

/** Whether a key belongs to an input method, which is writing a word. In Safari the last Enter comes after the word is done. */
export function composing(event: KeyboardEvent | ReactKeyboardEvent): boolean {
  const native = 'nativeEvent' in event ? event.nativeEvent : event
  return native.isComposing || native.keyCode === BY_INPUT_METHOD
}

/** The key that a press with Alt means: on a Mac Alt writes another letter, and the place of the key says which one was meant. */
export function chordOf(event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey) return null
  if (!event.altKey) return event.key
  const letter = /^[a-z0-9]$/i.test(event.key) ? event.key.toLowerCase() : /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase()
  return letter ? `Alt+${letter.toUpperCase()}` : null
}
