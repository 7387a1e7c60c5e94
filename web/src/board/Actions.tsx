import { useState } from 'react'
import { Button } from '../design/Button'
import { Icon, type IconName } from '../design/Icon'
import { Rest } from '../design/rest'
import { keyOf } from './keys'
import { type Action, allowed, verdictOf } from './kinds'
import { Palette } from './Palette'
import { SnoozePanel } from './SnoozePanel'
import { TargetPanel } from './TargetPanel'
import type { Opened } from './thread'
import { useShortcuts } from './useShortcuts'
import type { Verbs } from './useVerbs'
import { useDesk } from './desk'
import { denial } from './words'

type Panel = 'assign' | 'transfer' | 'snooze'

interface Props {
  conversation: Opened
  verbs: Verbs
  /** The viewer may no longer see it. */
  lost: boolean
}

/** The verbs as buttons. What is denied says why. */
export function Actions({ conversation, verbs, lost }: Props) {
  const { me } = useDesk()
  const [panel, setPanel] = useState<Panel | null>(null)
  const [palette, setPalette] = useState(false)
  const owner = conversation.assignee
  const why = (action: Action) => (lost ? 'You may no longer see it' : denial(verdictOf(conversation, action), owner?.id === me.id ? undefined : owner?.name))
  const open = (mode: Panel) => setPanel(panel === mode ? null : mode)
  const close = () => setPanel(null)
  const buttons = buttonsFor(conversation, me.id)
  const press = ({ press: what }: ActionButton) => {
    if (what === 'assign' || what === 'transfer' || what === 'snooze') open(what)
    else void verbs.run({ type: what })
  }
  // What the places of the buttons mean. When it changes, all of them rest.
  const meaning = `${buttons.map(({ action }) => action).join()} ${owner?.id ?? ''} ${panel ?? ''}`

  useShortcuts({
    palette: () => setPalette(true),
    ...Object.fromEntries(buttons.map((button) => [button.press, why(button.action) ? undefined : () => press(button)])),
  })

  return (
    <div className="actions" role="group" aria-label="What can be done">
      <Rest on={meaning}>
        {buttons.map((button) => (
          <Button
            key={button.action}
            className={`place-${button.press}`}
            look={button.primary ? 'primary' : 'plain'}
            icon={button.icon}
            shortcut={keyOf(button.press)}
            denied={why(button.action)}
            busy={verbs.busy !== null}
            onClick={() => press(button)}
          >
            {button.label}
          </Button>
        ))}
        {/* A verb that means nothing now leaves its room: the others do not move when the owner or the status changes. */}
        {PLACES.filter((place) => !place.some((button) => buttons.includes(button))).map(([button]) => (
          <span key={button!.press} className={`button-with-hint place-${button!.press}`} aria-hidden="true">
            <span className="button place-holder">
              <Icon name={button!.icon} size={14} />
              {button!.label}
            </span>
          </span>
        ))}
      </Rest>
      {panel === 'snooze' && <SnoozePanel conversation={conversation} onClose={close} onPick={(until) => void verbs.run({ type: 'snooze', until }).then((done) => done && close())} />}
      {(panel === 'assign' || panel === 'transfer') && (
        <TargetPanel
          key={panel}
          mode={panel}
          conversation={conversation}
          onClose={close}
          onPick={(to, note, offer) => verbs.run(panel === 'transfer' ? { type: panel, to, note, offer } : { type: panel, to, note }).then((done) => (done && close(), done))}
          onUnassign={panel === 'assign' && owner && allowed(conversation, 'UNASSIGN') ? async () => (await verbs.run({ type: 'unassign' })) && close() : undefined}
        />
      )}
      {palette && (
        <Palette
          onClose={() => setPalette(false)}
          doings={buttons.map((button) => ({ name: button.label, key: keyOf(button.press), denied: why(button.action), run: () => press(button) }))}
        />
      )}
    </div>
  )
}

interface ActionButton {
  action: Action
  press: 'claim' | 'takeOver' | 'assign' | 'transfer' | 'leave' | 'snooze' | 'wake' | 'close' | 'reopen'
  label: string
  icon: IconName
  primary?: boolean
}

const CLAIM: ActionButton = { action: 'CLAIM', press: 'claim', label: 'Claim', icon: 'hand', primary: true }
const TAKE_OVER: ActionButton = { action: 'TAKE_OVER', press: 'takeOver', label: 'Take over', icon: 'bolt', primary: true }
const ASSIGN: ActionButton = { action: 'ASSIGN', press: 'assign', label: 'Assign', icon: 'person' }
const TRANSFER: ActionButton = { action: 'TRANSFER', press: 'transfer', label: 'Transfer', icon: 'swap' }
const LEAVE: ActionButton = { action: 'LEAVE', press: 'leave', label: 'Leave', icon: 'leave' }
const SNOOZE: ActionButton = { action: 'SNOOZE', press: 'snooze', label: 'Snooze', icon: 'clock' }
const WAKE: ActionButton = { action: 'WAKE', press: 'wake', label: 'Wake', icon: 'bell' }
const CLOSE: ActionButton = { action: 'CLOSE', press: 'close', label: 'Close', icon: 'check' }
const REOPEN: ActionButton = { action: 'REOPEN', press: 'reopen', label: 'Reopen', icon: 'undo' }

/** The places of the buttons, from left to right, and what can stand in each. */
const PLACES = [[TAKE_OVER, CLAIM], [ASSIGN], [TRANSFER], [LEAVE], [SNOOZE, WAKE], [CLOSE, REOPEN]]

/** The buttons that mean something for a conversation, allowed or not. */
function buttonsFor({ assignee, status, snooze }: Opened, myId: string): ActionButton[] {
  if (status === 'CLOSED') return [REOPEN]
  if (!assignee) return [CLAIM, ASSIGN, TRANSFER, CLOSE]
  const sleep = snooze ? WAKE : SNOOZE
  return assignee.id === myId ? [ASSIGN, TRANSFER, LEAVE, sleep, CLOSE] : [TAKE_OVER, ASSIGN, TRANSFER, ...(snooze ? [WAKE] : []), CLOSE]
}
