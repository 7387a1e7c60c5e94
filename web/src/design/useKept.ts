import { useState } from 'react'
import { windowKept } from './storage'

/** A state that is still there when one comes back to this place in this window, and after a reload. */
export function useKept<Value extends string>(name: string, first: Value): [Value, (value: Value) => void] {
  const [state, setState] = useState<{ name: string; value: Value }>(() => ({ name, value: read(name) ?? first }))
  const value = state.name === name ? state.value : (read<Value>(name) ?? first)
  return [
    value,
    (next) => {
      setState({ name, value: next })
      write(name, next === first ? null : next)
    },
  ]
}

const PREFIX = 'switchboard:kept:'

const read = <Value extends string>(name: string): Value | null => windowKept.get(PREFIX + name) as Value | null

function write(name: string, value: string | null): void {
  if (value === null) windowKept.remove(PREFIX + name)
  else windowKept.set(PREFIX + name, value)
}
