import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualizerOptions } from '@tanstack/virtual-core'
import { type RefObject, useEffect, useLayoutEffect, useReducer, useRef } from 'react'

const FEW = 60 // rows that are all shown: a window would not pay
const HEIGHT = 76 // pixels of a row that was not measured yet
const AROUND = 8 // rows above and below what can be seen

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
  /** Tells how high a row is. */
  measure: (element: HTMLElement | null) => void
}

/** Draws only what can be seen of a list with keys, in a scroller. */
export function useListWindow(scroller: RefObject<HTMLElement | null>, keys: readonly string[]): ListWindow {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const all = keys.length <= FEW
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: all ? 0 : keys.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    getItemKey: (index) => keys[index] ?? index,
    overscan: AROUND,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw(),
  }
  const held = useRef<Virtualizer<HTMLElement, HTMLElement> | null>(null)
  const virtualizer = (held.current ??= new Virtualizer(options))
  virtualizer.setOptions(options)
  useEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())

  const items = virtualizer.getVirtualItems()
  const [first, last] = [items[0], items.at(-1)]
  const drawn = first && last && !all ? { begin: first.index, end: last.index + 1, above: first.start, below: virtualizer.getTotalSize() - last.end } : null
  return {
    ...(drawn ?? { begin: 0, end: all ? keys.length : Math.min(keys.length, FEW), above: 0, below: all ? 0 : Math.max(0, keys.length - FEW) * HEIGHT }),
    reveal: (index) => void (all || virtualizer.scrollToIndex(index, { align: 'auto' })),
    measure: (element) => void (all || !element || virtualizer.measureElement(element)),
  }
}
