import { useState } from 'react'
import { Button } from '../design/Button'
import type { IconName } from '../design/Icon'
import { type Action, allowed, verdictOf } from './kinds'
import { TargetPanel } from './TargetPanel'
import type { Opened } from './thread'
import { useShortcuts } from './useShortcuts'
import type { Verbs } from './useVerbs'
import { useDesk } from './desk'
import { denial } from './words'

interface Props {
  conversation: Opened
  verbs: Verbs
  /** The viewer may no longer see it. */
  lost: boolean
}

/** The verbs as buttons. What is denied says why. */
export function Actions({ conversation, verbs, lost }: Props) {
  const { me } = useDesk()
  const [panel, setPanel] = useState<'assign' | 'transfer' | null>(null)
  const owner = conversation.assignee
  const why = (action: Action) => (lost ? 'You may no longer see it' : denial(verdictOf(conversation, action), owner?.id === me.id ? undefined : owner?.name))
  const open = (mode: 'assign' | 'transfer') => setPanel(panel === mode ? null : mode)
  const buttons = buttonsFor(conversation, me.id)
  const press = ({ press: what }: ActionButton) => (what === 'assign' || what === 'transfer' ? open(what) : void verbs.run({ type: what }))

  useShortcuts(Object.fromEntries(buttons.map((button) => [button.key, why(button.action) ? undefined : () => press(button)])))

  return (
    <div className="actions" role="group" aria-label="What can be done">
      {buttons.map((button) => (
        <Button
          key={button.action}
          look={button.primary ? 'primary' : 'plain'}
          icon={button.icon}
          shortcut={button.key}
          denied={why(button.action)}
          busy={verbs.busy !== null}
          onClick={() => press(button)}
        >
          {button.label}
        </Button>
      ))}
      {panel && (
        <TargetPanel
          mode={panel}
          conversation={conversation}
          onClose={() => setPanel(null)}
          onPick={async (to, note) => (await verbs.run({ type: panel, to, note })) && setPanel(null)}
          onUnassign={panel === 'assign' && owner && allowed(conversation, 'UNASSIGN') ? async () => (await verbs.run({ type: 'unassign' })) && setPanel(null) : undefined}
        />
      )}
    </div>
  )
}

interface ActionButton {
  action: Action
  press: 'claim' | 'takeOver' | 'assign' | 'transfer' | 'leave' | 'close' | 'reopen'
  key: string
  label: string
  icon: IconName
  primary?: boolean
}

const CLAIM: ActionButton = { action: 'CLAIM', press: 'claim', key: 'c', label: 'Claim', icon: 'hand', primary: true }
const TAKE_OVER: ActionButton = { action: 'TAKE_OVER', press: 'takeOver', key: 'o', label: 'Take over', icon: 'bolt', primary: true }
const ASSIGN: ActionButton = { action: 'ASSIGN', press: 'assign', key: 'a', label: 'Assign', icon: 'person' }
const TRANSFER: ActionButton = { action: 'TRANSFER', press: 'transfer', key: 't', label: 'Transfer', icon: 'swap' }
const LEAVE: ActionButton = { action: 'LEAVE', press: 'leave', key: 'l', label: 'Leave', icon: 'leave' }
const CLOSE: ActionButton = { action: 'CLOSE', press: 'close', key: 'e', label: 'Close', icon: 'check' }
const REOPEN: ActionButton = { action: 'REOPEN', press: 'reopen', key: 'e', label: 'Reopen', icon: 'undo' }

/** The buttons that mean something for a conversation, allowed or not. */
function buttonsFor({ assignee, status }: Opened, myId: string): ActionButton[] {
  if (status === 'CLOSED') return [REOPEN]
  if (!assignee) return [CLAIM, ASSIGN, TRANSFER, CLOSE]
  return assignee.id === myId ? [ASSIGN, TRANSFER, LEAVE, CLOSE] : [TAKE_OVER, ASSIGN, TRANSFER, CLOSE]
}
