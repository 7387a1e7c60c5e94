import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

/** Milliseconds for which a press does nothing after what it means has changed: longer than between the two clicks of a double click. */
export const REST = 400

/** Whether a press has to wait, since its meaning is not the one of 400 ms ago. What has just appeared has a new meaning. */
export function useRest(meaning: string): boolean {
  const [known, setKnown] = useState<string | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setKnown(meaning), REST)
    return () => clearTimeout(timer)
  }, [meaning])
  return known !== meaning
}

const Around = createContext('')

/** What the presses below it mean together: when on changes, all of them rest. */
export function Rest({ on, children }: { on: string; children: ReactNode }) {
  const outer = useContext(Around)
  return <Around value={`${outer}/${on}`}>{children}</Around>
}

/** Whether a button with this label has to wait, where it stands. */
export function useButtonRest(label: string): boolean {
  return useRest(`${useContext(Around)}/${label}`)
}
