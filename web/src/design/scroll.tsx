import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from './Button'

const NEAR = 60 // pixels from the end that count as the end

/** An item of what is scrolled, as far as its place matters. */
export interface Item {
  id: string
  /** Said by who reads here. */
  mine: boolean
  /** Something that one wants to know of: a message, and not a note about it. */
  counts: boolean
  /** On its way: it comes again, under another id, when it has arrived. */
  sending?: boolean
}

/**
 * Keeps a reader's place in a scroller whose items carry data-key: at the end while one reads there, whatever changes its size;
 * elsewhere the same words stay where they are when items come before or after them. One's own new items come into view.
 * Returns how many others came below, how to go there, and how to stay here while earlier ones are fetched.
 */
export function useReadersPlace(scroller: RefObject<HTMLElement | null>, items: readonly Item[]): { fresh: number; toEnd: () => void; stay: () => void } {
  const atEnd = useRef(true)
  const anchor = useRef<{ key: string; top: number } | null>(null)
  const known = useRef<Set<string> | null>(null)
  const coming = useRef(0) // what came into view as it was sent, and has not arrived
  const left = useRef(0) // where it was scrolled to
  const [fresh, setFresh] = useState(0)

  function toEnd() {
    const element = scroller.current
    if (!element) return
    element.scrollTop = element.scrollHeight
    left.current = element.scrollTop
    atEnd.current = true
    setFresh(0)
  }

  function stay() {
    if (!scroller.current) return
    atEnd.current = false
    anchor.current = anchorOf(scroller.current)
  }

  function hold() {
    const element = scroller.current
    if (!element) return
    // Somebody scrolled up, and the event for it is still to come.
    if (atEnd.current && element.scrollTop < left.current - NEAR && fromEnd(element) >= NEAR) stay()
    if (atEnd.current) {
      element.scrollTop = element.scrollHeight
      left.current = element.scrollTop
      return
    }
    const row = anchor.current && element.querySelector<HTMLElement>(`[data-key="${CSS.escape(anchor.current.key)}"]`)
    if (row) element.scrollTop += row.getBoundingClientRect().top - element.getBoundingClientRect().top - anchor.current!.top
  }

  useLayoutEffect(() => {
    const before = known.current
    const oldest = before ? items.findIndex(({ id }) => before.has(id)) : -1 // what stands before it was fetched, and is not new
    const news = before && oldest >= 0 ? items.slice(oldest).filter(({ id }) => !before.has(id)) : []
    known.current = new Set(items.map(({ id }) => id))
    if (!before) coming.current = items.filter(({ sending }) => sending).length
    let own = false
    for (const { mine, sending } of news) {
      if (sending) coming.current++
      if (mine && (sending || coming.current === 0)) own = true
      else if (mine) coming.current--
    }
    if (own) return toEnd()
    hold()
    const count = atEnd.current ? 0 : news.filter(({ counts }) => counts).length
    if (count > 0) setFresh((before) => before + count)
  })

  useEffect(() => {
    const element = scroller.current!
    const note = () => {
      left.current = element.scrollTop
      atEnd.current = fromEnd(element) < NEAR
      if (atEnd.current) setFresh(0)
      anchor.current = anchorOf(element)
    }
    // What grows below, such as the field one writes in, or above, such as a banner, moves no word under one's eyes.
    const sized = new ResizeObserver(hold)
    sized.observe(element)
    for (const child of element.children) sized.observe(child)
    element.addEventListener('scroll', note, { passive: true })
    return () => {
      sized.disconnect()
      element.removeEventListener('scroll', note)
    }
  }, [scroller])

  return { fresh, toEnd, stay }
}

const fromEnd = (element: HTMLElement): number => element.scrollHeight - element.scrollTop - element.clientHeight

function anchorOf(element: HTMLElement): { key: string; top: number } | null {
  const { top } = element.getBoundingClientRect()
  for (const row of element.querySelectorAll<HTMLElement>('[data-key]')) {
    const box = row.getBoundingClientRect()
    if (box.bottom > top) return { key: row.dataset['key']!, top: box.top - top }
  }
  return null
}

/** Says that something new is below, and goes there. */
export function NewMessages({ fresh, onGo }: { fresh: number; onGo: () => void }) {
  if (fresh === 0) return null
  return (
    <div className="new-messages" role="status">
      <Button onClick={onGo}>{fresh === 1 ? '1 new message' : `${fresh} new messages`} ↓</Button>
    </div>
  )
}

const places = new Map<string, number>()
const MOST = 60

/**
 * Comes back to where a scroller was left, by a name, once what it shows is high enough for that. more fetches more of it, or
 * says that all of it is here, or nothing yet.
 */
export function useKeptScroll(scroller: RefObject<HTMLElement | null>, name: string, more: (() => void) | 'all' | 'none'): void {
  const wanted = useRef<{ name: string; top: number } | null>(null)
  if (wanted.current?.name !== name) wanted.current = { name, top: places.get(name) ?? 0 }
  useLayoutEffect(() => {
    const element = scroller.current
    const want = wanted.current
    if (!element || !want?.top || more === 'none') return
    if (more === 'all' || element.scrollHeight - element.clientHeight >= want.top) {
      element.scrollTop = want.top
      want.top = 0
    } else more()
  })
  useEffect(() => {
    const element = scroller.current!
    const keep = () => {
      if (wanted.current?.top) return // not there yet
      places.delete(name)
      places.set(name, element.scrollTop)
      const [oldest] = places.keys()
      if (places.size > MOST && oldest !== undefined) places.delete(oldest)
    }
    const own = () => wanted.current && (wanted.current.top = 0)
    element.addEventListener('scroll', keep, { passive: true })
    element.addEventListener('wheel', own, { passive: true })
    element.addEventListener('touchmove', own, { passive: true })
    return () => {
      element.removeEventListener('scroll', keep)
      element.removeEventListener('wheel', own)
      element.removeEventListener('touchmove', own)
    }
  }, [scroller, name])
}
