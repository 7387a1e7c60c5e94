import { type ComponentProps, type MouseEvent, useId } from 'react'
import { Icon, type IconName } from './Icon'
import { useButtonRest } from './rest'
import './button.css'

interface Props extends Omit<ComponentProps<'button'>, 'disabled'> {
  look?: 'primary' | 'plain' | 'bare' | 'danger'
  icon?: IconName
  /** The key that does the same. */
  shortcut?: string
  /** What a press means, for a button whose words change while that stays. */
  meaning?: string
  /** Why it cannot be pressed now. It stays focusable, and says so. */
  denied?: string | null
  busy?: boolean
}

/** A button that, where it cannot be pressed, says why. */
export function Button({ look = 'plain', icon, shortcut, meaning, denied, busy = false, children, onClick, className = '', ...rest }: Props) {
  const id = useId()
  // A press right after its meaning changed was meant for what stood here before.
  const resting = useButtonRest(`${meaning ?? (typeof children === 'string' ? children : (rest['aria-label'] ?? ''))}/${denied ?? ''}`)
  const still = Boolean(denied) || busy || resting
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (still) event.preventDefault() // nor does it submit
    else onClick?.(event)
  }
  const hint = denied ?? (shortcut ? `Shortcut: ${shortcut}` : undefined)
  return (
    <span className={`button-with-hint ${className}`}>
      <button
        type="button"
        {...rest}
        className={`button ${look}`}
        aria-disabled={still || undefined}
        data-resting={(resting && !denied && !busy) || undefined}
        aria-describedby={denied ? id : undefined}
        aria-keyshortcuts={shortcut}
        onMouseDown={(event) => resting && event.preventDefault()} // nor does it take the focus from what has just asked for it
        onClick={press}
      >
        {icon && <Icon name={icon} size={14} />}
        {children}
      </button>
      {hint && (
        <span id={id} role="tooltip" className={denied ? 'hint denied' : 'hint'}>
          {denied ? <Icon name="lock" size={12} /> : null}
          {denied ?? (
            <>
              Press <kbd>{shortcut}</kbd>
            </>
          )}
        </span>
      )}
    </span>
  )
}
