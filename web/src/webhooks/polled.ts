import { useCallback, useEffect, useRef, useState } from 'react'
import { Fault } from '../../client/index'

/** What is asked for again and again, as no stream brings it. */
export interface Polled<Value> {
  /** The last answer; null before the first. */
  value: Value | null
  /** Why the last question was not answered; null when it was. */
  fault: Fault | null
  /** Asks now. */
  again: () => void
}

/** Asks at once and every so many milliseconds while the page is seen. Another ask is another question: what answers the one before is dropped. */
export function usePolled<Value>(ask: () => Promise<Value>, every: number): Polled<Value> {
  const [answer, setAnswer] = useState<{ value: Value | null; fault: Fault | null }>({ value: null, fault: null })
  const wake = useRef(() => {})
  useEffect(() => {
    let over = false
    async function go() {
      while (!over) {
        const asked = new Promise<void>((resolve) => (wake.current = resolve)) // what is asked for while this is answered is asked again
        const result = await ask().then(
          (value) => ({ value, fault: null }),
          (error: unknown) => ({ fault: error instanceof Fault ? error : new Fault(String(error), 'BUG') }),
        )
        if (over) return
        setAnswer((last) => ({ ...last, ...result }))
        await Promise.race([asked, seen(every)])
      }
    }
    void go()
    return () => {
      over = true
      wake.current()
    }
  }, [ask, every])
  return { ...answer, again: useCallback(() => wake.current(), []) }
}

/** Resolves after a time, and not before the page is seen. */
async function seen(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  if (document.visibilityState === 'visible') return
  await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }))
}
