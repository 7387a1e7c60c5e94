import { type RefObject, useCallback, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react'
import { Heights, rowsNear } from './rowsNear'

const FEW = 60 // rows that are all shown: a window would not pay
const SCREEN = 900 // pixels that are shown of a scroller which is not on the screen yet

/** The rows of a long list that are to be drawn, and the room that the others take. */
export interface ListWindow {
  /** Their indexes, from begin to before end. */
  begin: number
  end: number
  /** Pixels above and below them. */
  above: number
  below: number
  /** Brings a row into sight, and draws it. */
  reveal: (index: number) => void
  /** Tells of a row that is drawn, whose height is looked at from then on. */
  measure: (element: HTMLElement | null) => void
}

/** Draws only what can be seen of a list with keys, in a scroller. A row has its key as data-id. */
export function useListWindow(scroller: RefObject<HTMLElement | null>, keys: readonly string[]): ListWindow {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const [heights] = useState(() => new Heights())
  const all = keys.length <= FEW
  const tops = all ? [0] : heights.tops(keys)
  const near = all ? { begin: 0, end: keys.length } : rowsNear(tops, scroller.current?.scrollTop ?? 0, scroller.current?.clientHeight || SCREEN)
  const drawn = useRef({ all, tops, near })
  useLayoutEffect(() => {
    drawn.current = { all, tops, near }
  })
  useEffect(() => {
    const element = scroller.current!
    const look = () => {
      if (drawn.current.all) return
      const { begin, end } = rowsNear(drawn.current.tops, element.scrollTop, element.clientHeight)
      if (begin !== drawn.current.near.begin || end !== drawn.current.near.end) draw()
    }
    const sized = new ResizeObserver(look)
    sized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller])

  return {
    ...near,
    above: tops[near.begin] ?? 0,
    below: all ? 0 : tops.at(-1)! - tops[near.end]!,
    reveal: (index) => !all && bringIntoSight(scroller.current!, tops[index]!, tops[index + 1]!),
    measure: useHeights(heights, () => drawn.current.all || draw()),
  }
}

function bringIntoSight(element: HTMLElement, top: number, bottom: number) {
  if (top < element.scrollTop) element.scrollTop = top
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight
}

/** Looks at the heights of rows. Returns how to tell of a row, the same function each time, so that no row is drawn for it. */
function useHeights(heights: Heights, changed: () => void): (element: HTMLElement | null) => void {
  const latest = useRef(changed)
  const observer = useRef<ResizeObserver | null>(null)
  useEffect(() => {
    latest.current = changed
  })
  useEffect(() => () => observer.current?.disconnect(), [])
  return useCallback(
    (element) => {
      observer.current ??= new ResizeObserver((entries) => {
        const rows = entries.map(({ target }) => target as HTMLElement)
        for (const row of rows) if (!row.isConnected) observer.current?.unobserve(row)
        const news = rows.filter((row) => row.isConnected && heights.set(row.dataset['id']!, row.offsetHeight))
        if (news.length > 0) latest.current()
      })
      if (element) observer.current.observe(element)
    },
    [heights],
  )
}
