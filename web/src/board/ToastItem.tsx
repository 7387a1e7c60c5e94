import { useState } from 'react'
import { Button } from '../design/Button'
import { Icon, type IconName } from '../design/Icon'
import { Rest } from '../design/rest'
import { Countdown } from './Countdown'
import { DeclineForm } from './DeclineForm'
import type { Toast } from './toasts'
import './offers.css'

const ICONS: Record<Toast['tone'], IconName> = { plain: 'info', good: 'check', bad: 'info', grab: 'hand', taken: 'bolt', offer: 'swap' }

interface Props {
  toast: Toast
  /** What stands in the corner: when it changes, the buttons rest. */
  among: string
  onDismiss: () => void
}

/** One notice in the corner. */
export function ToastItem({ toast, among, onDismiss }: Props) {
  const [declining, setDeclining] = useState(false)
  const { tone, action, decline } = toast
  return (
    <li className={`toast ${tone}`}>
      <Rest on={among}>
        <Icon name={ICONS[tone]} />
        <div>
          <p dir="auto">{toast.text}</p>
          {toast.detail && <p className="quiet" dir="auto">{toast.detail}</p>}
        </div>
        {toast.until && <Countdown until={toast.until} />}
        {action && (
          <Button look={tone === 'grab' || tone === 'offer' ? 'primary' : 'plain'} onClick={() => (onDismiss(), action.run())}>
            {action.label}
          </Button>
        )}
        {decline && (
          <Button aria-expanded={declining} onClick={() => setDeclining(!declining)}>
            Decline
          </Button>
        )}
        <Button look="bare" icon="close" aria-label="Dismiss" onClick={onDismiss} />
      </Rest>
      {decline && declining && (
        <DeclineForm conversationId={decline.conversationId} onCancel={() => setDeclining(false)} onDecline={(why) => decline.run(why).then((done) => (done && onDismiss(), done))} />
      )}
    </li>
  )
}
