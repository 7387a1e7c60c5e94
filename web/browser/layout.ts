import type { Page } from 'playwright-core'

/** The width from which on a header has room for one line. */
export const ONE_LINE = 1280

/** What is wrong with the layout of a page as it is now, one line a flaw: what sticks out, is cut, lies over something else, or wraps. */
export async function flaws(page: Page): Promise<string[]> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  return page.evaluate(measure, ONE_LINE)
}

/** Runs in the page, and so uses nothing from outside. */
function measure(oneLine: number): string[] {
  interface Box {
    element: Element
    left: number
    top: number
    right: number
    bottom: number
  }
  const SLACK = 2 // pixels by which neighbours may touch
  const found: string[] = []
  const styles = new Map<Element, CSSStyleDeclaration>()
  const styleOf = (element: Element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element)!
  const named = (element: Element) => `${element.tagName.toLowerCase()}${[...element.classList].map((name) => `.${name}`).join('')} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}”`
  const ancestors = (element: Element) => {
    const all: Element[] = []
    for (let at = element.parentElement; at; at = at.parentElement) all.push(at)
    return all
  }
  const scrolls = (value: string) => value === 'auto' || value === 'scroll'
  const clips = (element: Element) => styleOf(element).overflowX !== 'visible' || styleOf(element).overflowY !== 'visible'
  const shortened = (element: Element) => styleOf(element).textOverflow === 'ellipsis' || styleOf(element).webkitLineClamp !== 'none'
  const positioned = (element: Element) => ['absolute', 'fixed'].includes(styleOf(element).position) && styleOf(element).zIndex !== 'auto'
  // What is meant to lie over the rest: a dialog, a panel, a corner.
  const layerOf = (element: Element) => [element, ...ancestors(element)].find((one) => positioned(one) || one.matches('dialog')) ?? document.body
  const drawn = (element: Element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('.sr-only')

  /** The part of a box that can be seen; null for nothing of it. Notes where a text is cut without a sign. */
  function seen(box: Box, text: boolean): Box | null {
    let { left, top, right, bottom } = box
    for (const around of [...(text ? [box.element] : []), ...ancestors(box.element)]) {
      if (around.matches('html, body') || !clips(around)) continue
      const edge = around.getBoundingClientRect()
      const scroller = scrolls(styleOf(around).overflowX) || scrolls(styleOf(around).overflowY)
      if (text && !scroller && !shortened(around) && (right > edge.right + SLACK || left < edge.left - SLACK)) found.push(`cut: ${named(box.element)} in ${named(around)}`)
      left = Math.max(left, edge.left)
      top = Math.max(top, edge.top)
      right = Math.min(right, edge.right)
      bottom = Math.min(bottom, edge.bottom)
      if (styleOf(around).position === 'fixed') break
    }
    return right - left > SLACK && bottom - top > SLACK ? { element: box.element, left, top, right, bottom } : null
  }

  const boxes: Box[] = []
  const put = (box: Box, text: boolean) => {
    const part = seen(box, text)
    if (part) boxes.push(part)
  }
  const layers = [...document.querySelectorAll('dialog[open]')]
  const root = layers.at(-1) ?? document.body
  for (const element of root.querySelectorAll('a[href], button, input, select, textarea, [role=option]')) {
    if (drawn(element)) put({ element, ...rectOf(element.getBoundingClientRect()) }, false)
  }
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!
    if (!node.textContent?.trim() || element.closest('select, script, style, svg') || !drawn(element)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    // The letters of a line, without the room above and below them.
    for (const rect of range.getClientRects()) put({ element, left: rect.left, right: rect.right, top: rect.top + rect.height / 4, bottom: rect.bottom - rect.height / 4 }, true)
  }
  function rectOf({ left, top, right, bottom }: DOMRect) {
    return { left, top, right, bottom }
  }

  if (document.documentElement.scrollWidth > window.innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`)
  for (const { element, left, right } of boxes) {
    if (left < -SLACK || right > window.innerWidth + SLACK) found.push(`sticks out: ${named(element)} from ${Math.round(left)} to ${Math.round(right)}`)
  }
  const together = (a: Element, b: Element) => a.contains(b) || b.contains(a)
  // A label lies over the control that it is for.
  const ofOneLabel = (a: Element, b: Element) => a.closest('label') !== null && a.closest('label') === b.closest('label')
  boxes.forEach((a, index) => {
    for (const b of boxes.slice(index + 1)) {
      if (a.element === b.element || together(a.element, b.element) || ofOneLabel(a.element, b.element) || layerOf(a.element) !== layerOf(b.element)) continue
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (width > SLACK && height > SLACK) found.push(`overlap: ${named(a.element)} and ${named(b.element)}`)
    }
  })
  for (const element of root.querySelectorAll('button, select, .chip')) {
    if (drawn(element) && element.scrollWidth > element.clientWidth + SLACK && !shortened(element)) found.push(`too narrow: ${named(element)}`)
  }

  // What a button says when it is pointed at or has the focus.
  for (const hint of root.querySelectorAll<HTMLElement>('.hint')) {
    if (!hint.parentElement || !drawn(hint.parentElement) || hint.parentElement.getClientRects().length === 0) continue
    const before = hint.style.display
    hint.style.display = 'flex'
    const { left, right } = hint.getBoundingClientRect()
    if (left < 0 || right > window.innerWidth) found.push(`sticks out: the hint of ${named(hint.parentElement)} from ${Math.round(left)} to ${Math.round(right)}`)
    hint.style.display = before
  }

  // A row that wraps has a child that begins below another one's end.
  if (window.innerWidth >= oneLine) {
    // A team on a wall has its name above what waits for it, where both are long.
    for (const header of root.querySelectorAll('header:not(.wall-team *)')) {
      for (const row of [header, ...header.querySelectorAll('*')]) {
        const { display, flexDirection } = styleOf(row)
        if (!display.includes('flex') || flexDirection !== 'row' || !drawn(row)) continue
        const children = [...row.children].filter((child) => drawn(child) && !positioned(child) && child.getClientRects().length > 0).map((child) => child.getBoundingClientRect())
        const lines = children.some((a) => children.some((b) => a.top >= b.bottom - 1))
        if (lines) found.push(`two lines: ${named(row)}`)
      }
    }
  }
  return [...new Set(found)]
}
