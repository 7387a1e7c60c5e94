import { useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '../design/Button'
import { Icon, type IconName } from '../design/Icon'
import { useDesk } from './desk'
import { Rest } from '../design/rest'
import { fitting, type Toast } from './toasts'
import { useShortcuts } from './useShortcuts'
import './toasts.css'

const ICONS: Record<Toast['tone'], IconName> = { plain: 'info', good: 'check', bad: 'info', grab: 'hand', taken: 'bolt' }

/** Notices in the corner: those there is room for, and how many more there are. */
export function ToastCorner({ onAll }: { onAll: () => void }) {
  const { toasts } = useDesk()
  const all = useSyncExternalStore(toasts.shown.subscribe, toasts.shown.get)
  const { shown, more } = fitting(all)
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
          <li key={toast.id} className={`toast ${toast.tone}`}>
            {/* A notice that comes or goes moves the others: a press that was meant for one is not for the next. A pinned one stands still while as many are shown, however fast they come. */}
            <Rest on={toast.pinned ? String(shown.length) : shown.map(({ id }) => id).join()}>
              <Icon name={ICONS[toast.tone]} />
              <div>
                <p dir="auto">{toast.text}</p>
                {toast.detail && <p className="quiet" dir="auto">{toast.detail}</p>}
              </div>
              {toast.action && (
                <Button look={toast.tone === 'grab' ? 'primary' : 'plain'} onClick={() => (toasts.dismiss(toast.id), toast.action?.run())}>
                  {toast.action.label}
                </Button>
              )}
              <Button look="bare" icon="close" aria-label="Dismiss" onClick={() => toasts.dismiss(toast.id)} />
            </Rest>
          </li>
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
