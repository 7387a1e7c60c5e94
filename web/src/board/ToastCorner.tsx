import { useRef, useSyncExternalStore } from 'react'
import { Button } from '../design/Button'
import { Icon, type IconName } from '../design/Icon'
import { useDesk } from './desk'
import type { Toast } from './toasts'
import { Rest } from '../design/rest'
import { useShortcuts } from './useShortcuts'
import './toasts.css'

const ICONS: Record<Toast['tone'], IconName> = { plain: 'info', good: 'check', bad: 'info', grab: 'hand', taken: 'bolt' }

/** Notices in the corner. */
export function ToastCorner() {
  const { toasts } = useDesk()
  const shown = useSyncExternalStore(toasts.shown.subscribe, toasts.shown.get)
  const list = useRef<HTMLOListElement>(null)
  useShortcuts({ notice: () => list.current?.querySelector<HTMLElement>('li:last-child button')?.focus() })
  return (
    <section className="toast-corner" aria-label="Notices">
      <ol ref={list} aria-live="polite">
        {/* A notice that comes or goes moves the others: a press that was meant for one is not for the next. */}
        <Rest on={shown.map(({ id }) => id).join()}>
          {shown.map((toast) => (
            <li key={toast.id} className={`toast ${toast.tone}`}>
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
            </li>
          ))}
        </Rest>
      </ol>
    </section>
  )
}
