import { useState } from 'react'
import { storageOf } from './bounded'

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
const memory = new Map<string, string>() // where storage is blocked

function read<Value extends string>(name: string): Value | null {
  try {
    return (storageOf('sessionStorage')?.getItem(PREFIX + name) ?? memory.get(name) ?? null) as Value | null
  } catch {
    return (memory.get(name) ?? null) as Value | null
  }
}

function write(name: string, value: string | null): void {
  if (value === null) memory.delete(name)
  else memory.set(name, value)
  try {
    if (value === null) storageOf('sessionStorage')?.removeItem(PREFIX + name)
    else storageOf('sessionStorage')?.setItem(PREFIX + name, value)
  } catch {
    // it lives as long as the page
  }
}
