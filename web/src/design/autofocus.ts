/**
 * Gives the focus to what comes with autoFocus, whenever it comes. React does so itself; Preact leaves it to the browser,
 * which does it once in the life of a page, and only while nothing has the focus.
 */
export function keepAutofocus(root: Node): void {
  const found = (node: Node) => {
    if (!(node instanceof HTMLElement)) return null
    return node.matches('[autofocus]') ? node : node.querySelector<HTMLElement>('[autofocus]')
  }
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) found(node)?.focus()
  }).observe(root, { childList: true, subtree: true })
}
