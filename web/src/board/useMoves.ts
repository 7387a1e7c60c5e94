import { type RefObject, useLayoutEffect, useRef } from 'react'

const DURATION = 220
const FAR = 1200 // a row that comes from further away than this is not followed

/** Lets the rows below an element ([data-id]) glide to where a new list puts them; in a flood none does, since nobody can follow so many. */
export function useMoves(container: RefObject<HTMLElement | null>, list: unknown, flood: boolean): void {
  const before = useRef(new Map<string, number>())
  useLayoutEffect(() => {
    if (flood) {
      before.current = new Map()
      return
    }
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    const now = new Map<string, number>()
    for (const row of container.current?.querySelectorAll<HTMLElement>('[data-id]') ?? []) {
      const id = row.dataset['id']!
      now.set(id, row.offsetTop)
      const moved = (before.current.get(id) ?? row.offsetTop) - row.offsetTop
      if (still || moved === 0 || Math.abs(moved) > FAR) continue
      row.animate([{ transform: `translateY(${moved}px)` }, { transform: 'none' }], { duration: DURATION, easing: 'cubic-bezier(.2,.7,.2,1)' })
    }
    before.current = now
  }, [container, list, flood])
}
