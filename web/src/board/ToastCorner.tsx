import { useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '../design/Button'
import { useDesk } from './desk'
import { ToastItem } from './ToastItem'
import { fitting } from './toasts'
import { useShortcuts } from './useShortcuts'
import './toasts.css'

/** Notices in the corner: those there is room for, and how many more there are. open is the conversation on the screen. */
export function ToastCorner({ open, onAll }: { open: string | null; onAll: () => void }) {
  const { toasts } = useDesk()
  const all = useSyncExternalStore(toasts.shown.subscribe, toasts.shown.get)
  // The open conversation says itself what it is offered.
  const { shown, more } = fitting(all.filter(({ decline }) => !decline || decline.conversationId !== open))
  const list = useRef<HTMLOListElement>(null)
  const top = useStreamTop(shown.length > 0)
  useShortcuts({ notice: () => list.current?.querySelector<HTMLElement>('li:last-child button')?.focus() })
  return (
    <section
      className="toast-corner"
      aria-label="Notices"
      style={top === null ? undefined : { top }}
      data-over={top === null ? undefined : 'stream'}
      onPointerEnter={() => toasts.hold(true)}
      onPointerLeave={() => toasts.hold(false)}
      onFocus={() => toasts.hold(true)}
      onBlur={() => toasts.hold(false)}
    >
      {more > 0 && (
        <p className="toast-more">
          <Button look="bare" onClick={onAll}>
            {more} more
          </Button>
        </p>
      )}
      <ol ref={list} aria-live="polite">
        {shown.map((toast) => (
          // A notice that comes or goes moves the others: a press that was meant for one is not for the next. A pinned one stands still while as many are shown, however fast they come.
          <ToastItem key={toast.id} toast={toast} among={toast.pinned ? String(shown.length) : shown.map(({ id }) => id).join()} onDismiss={() => toasts.dismiss(toast.id)} />
        ))}
      </ol>
    </section>
  )
}

const NARROW = '(max-width: 860px)'

/** Where the messages of the open conversation begin, where there is one column: what lies there covers no button. Null elsewhere. */
function useStreamTop(needed: boolean): number | null {
  const [top, setTop] = useState<number | null>(null)
  useLayoutEffect(() => {
    if (!needed) return
    let seen: Element | null = null
    const measure = () => {
      const stream = window.matchMedia(NARROW).matches ? document.querySelector('.stream') : null
      if (stream !== seen) {
        sized.disconnect()
        if (stream) sized.observe(stream)
        seen = stream
      }
      setTop(stream?.getClientRects().length ? stream.getBoundingClientRect().top : null)
    }
    const sized = new ResizeObserver(measure) // the header above grows and shrinks with what can be done
    measure()
    const timer = setInterval(measure, 100) // other conversations are opened
    window.addEventListener('resize', measure)
    return () => {
      sized.disconnect()
      clearInterval(timer)
      window.removeEventListener('resize', measure)
    }
  }, [needed])
  return needed ? top : null
}
