import { type MouseEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { REST } from '../design/rest'
import type { Entry, List } from './list'

const HELD = 1200 // milliseconds after the last movement of a pointer for which rows keep their places

/**
 * Keeps rows where they are while a pointer moves over them: what they show is renewed, and what comes, goes and moves waits
 * until the pointer rests, is let go or leaves. of is what the list is a list of: another one is shown at once. Returns the list to show,
 * and a handler that drops clicks on a row that has just come under a resting pointer.
 */
export function useStill(list: List | null, scroller: RefObject<HTMLElement | null>, of: unknown): { still: List | null; onClickCapture: (event: MouseEvent) => void } {
  const [held, setHeld] = useState(false)
  const shown = useRef<{ of: unknown; entries: Entry[] }>({ of, entries: [] })
  const pointer = useRef<{ x: number; y: number; over: string | null; changedAt: number | null } | null>(null)
  const still = list && held && shown.current.of === of ? { ...list, entries: inPlace(shown.current.entries, list.entries) } : list

  useLayoutEffect(() => {
    shown.current = { of, entries: still?.entries ?? [] }
    const at = pointer.current
    if (!at) return
    const over = rowAt(at.x, at.y)
    if (over !== at.over) pointer.current = { ...at, over, changedAt: performance.now() }
  })

  useEffect(() => {
    const element = scroller.current!
    let timer: ReturnType<typeof setTimeout> | undefined
    const release = () => setHeld(false)
    const moved = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return
      const { clientX: x, clientY: y } = event
      if (pointer.current?.x === x && pointer.current.y === y) return // a list that changes below a pointer moves it nowhere
      pointer.current = { x, y, over: rowAt(x, y), changedAt: null }
      setHeld(true)
      clearTimeout(timer)
      timer = setTimeout(release, HELD)
    }
    const pressed = () => clearTimeout(timer) // until it is let go
    const loosened = () => {
      clearTimeout(timer)
      timer = setTimeout(release, HELD)
    }
    const left = () => {
      pointer.current = null
      clearTimeout(timer)
      release()
    }
    element.addEventListener('pointermove', moved, { passive: true })
    element.addEventListener('pointerdown', pressed, { passive: true })
    window.addEventListener('pointerup', loosened, { passive: true })
    element.addEventListener('pointerleave', left)
    return () => {
      clearTimeout(timer)
      element.removeEventListener('pointermove', moved)
      element.removeEventListener('pointerdown', pressed)
      window.removeEventListener('pointerup', loosened)
      element.removeEventListener('pointerleave', left)
    }
  }, [scroller])

  function onClickCapture(event: MouseEvent) {
    const at = pointer.current
    if (event.detail === 0 || !at || !justChanged(at.changedAt, performance.now())) return // detail is 0 for Enter
    event.preventDefault()
    event.stopPropagation()
  }
  return { still, onClickCapture }
}

/**
 * Whether what is under a pointer changed less than 400 ms ago; changedAt is null where it has not changed since the pointer came.
 * Never is not 0: the clock of a page begins at 0 when the page does, and for 400 ms all clicks would be dropped.
 */
export const justChanged = (changedAt: number | null, now: number): boolean => changedAt !== null && now - changedAt < REST

const rowAt = (x: number, y: number) => document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-id]')?.dataset['id'] ?? null

/** The rows as they stand, with what is new about each. One that is gone says so, and what was fetched behind the last comes behind it. */
export function inPlace(before: readonly Entry[], now: readonly Entry[]): Entry[] {
  if (before.length === 0) return [...now]
  const fresh = new Map(now.map((entry) => [entry.row.id, entry]))
  const known = new Set(before.map(({ row }) => row.id))
  const standing = before.map((entry) => fresh.get(entry.row.id) ?? { ...entry, flash: null, leaving: entry.leaving ?? 'OTHER' })
  const end = now.findLastIndex(({ row }) => known.has(row.id))
  return [...standing, ...now.slice(end + 1)]
}
