import { useState } from 'react'
import { type Fault, SetAvailabilityDocument } from '../../client/index'
import { Avatar, type Presence } from '../design/Avatar'
import { Button } from '../design/Button'
import { clock, useNow } from '../design/time'
import { type Desk, useDesk } from './desk'
import { askWhy } from './reasons'
import { refusalText } from './words'

const CHOICES: [Presence, string][] = [
  ['ONLINE', 'Online'],
  ['AWAY', 'Away'],
  ['OFFLINE', 'Offline'],
]

/** What one has chosen until the server says it, and how to choose. */
function useAvailability() {
  const desk = useDesk()
  const { connection, me, toasts } = desk
  const [chosen, setChosen] = useState<{ next: Presence; over: Desk['me'] } | null>(null)
  // Whatever the server says after it, in whichever window it was chosen, is the last word.
  const availability = chosen?.over === me ? chosen.next : me.availability

  async function choose(next: Presence) {
    const reasonCodeId = await askWhy(desk, next === 'AWAY' ? 'AWAY' : null)
    if (reasonCodeId === undefined) return
    setChosen({ next, over: me })
    try {
      const { setAvailability: answer } = await connection.execute(SetAvailabilityDocument, { input: { availability: next, reasonCodeId } })
      const [refusal] = answer.userErrors
      if (refusal) throw new Error(refusalText(refusal, me.id))
    } catch (error) {
      setChosen(null)
      toasts.show({ tone: 'bad', text: (error as Fault).message })
    }
  }
  return { me, availability, choose }
}

/** Whether one takes new conversations. */
export function AvailabilitySwitch() {
  const { me, availability, choose } = useAvailability()
  const because = me.availabilityChange?.reasonCode
  return (
    <div className="me">
      <Avatar name={me.name} size={30} presence={availability} />
      <div>
        <strong>
          <bdi>{me.name}</bdi>
        </strong>
        <select
          aria-label="Your availability"
          value={availability}
          onChange={(event) => {
            const next = event.target.value as Presence
            event.target.value = availability // until it is known why
            void choose(next)
          }}
        >
          {CHOICES.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        {availability === 'AWAY' && because && <small dir="auto">{because.name}</small>}
      </div>
    </div>
  )
}

/** Says across the page that nothing new comes, why, and changes it with one press. */
export function OfflineBar() {
  const { me, availability, choose } = useAvailability()
  const now = useNow()
  if (availability !== 'OFFLINE') return null
  return (
    <div className="connection-bar gap" role="status">
      <span>
        You are offline: nothing new comes to you.
        {me.availability === 'OFFLINE' && because(me, now)}
      </span>
      <Button onClick={() => void choose('ONLINE')}>Go online</Button>
    </div>
  )
}

function because({ id, availabilityChange: change }: Desk['me'], now: number): string {
  if (change?.reason === 'CONNECTION_LOST') return ` Your connection was lost at ${clock(change.at, now)}.`
  if (change?.by && change.by.id !== id) return ` ${change.by.name} set it at ${clock(change.at, now)}.`
  return ''
}
