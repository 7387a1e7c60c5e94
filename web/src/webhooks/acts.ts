import { useMemo, useRef, useState } from 'react'
import { type Connection, Fault, newKey } from '../../client/index'

/** A refusal, as every mutation of webhooks gives it. */
export interface Refused {
  code: string
  message: string
  field: readonly string[] | null
}

/** What came of an act: null while it is not known whether it was done, as there was no answer. */
export type Outcome<Done> = { done: Done; refused: null } | { done: null; refused: Refused[] }

type Mutation<Done> = (connection: Connection, key: string) => Promise<Done>

export interface Acts {
  /** The name of the act under way. */
  busy: string | null
  /** Does it unless something else is under way. The same act again, with the same what, has the same key until it is answered. */
  run: <Done extends { userErrors: Refused[] }>(name: string, what: unknown, act: Mutation<Done>) => Promise<Outcome<Done> | null>
}

/** Runs acts one at a time. What goes wrong on the way comes back like a refusal. */
export function useActs(connection: Connection): Acts {
  const [busy, setBusy] = useState<string | null>(null)
  const running = useRef(false)
  const tried = useRef({ what: '', key: '' })
  const run = useMemo<Acts['run']>(
    () => async (name, what, act) => {
      if (running.current) return null
      running.current = true
      setBusy(name)
      const text = JSON.stringify([name, what])
      if (tried.current.what !== text) tried.current = { what: text, key: newKey() }
      try {
        const done = await act(connection, tried.current.key)
        tried.current = { what: '', key: '' }
        return done.userErrors.length > 0 ? { done: null, refused: done.userErrors } : { done, refused: null }
      } catch (error) {
        const fault = error instanceof Fault ? error : new Fault(String(error), 'BUG')
        return { done: null, refused: [{ code: fault.code, message: fault.message, field: null }] }
      } finally {
        running.current = false
        setBusy(null)
      }
    },
    [connection],
  )
  return { busy, run }
}

/** The words of refusals about one field, or about none that is shown. */
export function about(refused: readonly Refused[], field: string | null, shown: readonly string[] = []): string | null {
  const words = refused.filter(({ field: path }) => (field ? path?.[0] === field : !path?.[0] || !shown.includes(path[0]))).map(({ message }) => message)
  return words.length > 0 ? words.join(' ') : null
}
