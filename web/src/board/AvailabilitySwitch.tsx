import { useEffect, useState } from 'react'
import { type Fault, SetAvailabilityDocument, ViewerChangesDocument } from '../../client'
import { Avatar, type Presence } from '../design/Avatar'
import { useDesk } from './desk'
import { refusalText } from './words'

const CHOICES: [Presence, string][] = [
  ['ONLINE', 'Online'],
  ['AWAY', 'Away'],
  ['OFFLINE', 'Offline'],
]

/** Whether one takes new conversations. */
export function AvailabilitySwitch() {
  const { connection, me, toasts } = useDesk()
  const [availability, setAvailability] = useState<Presence>(me.availability)
  const [lost, setLost] = useState(false)

  // Another window, a manager or a lost connection may change it too.
  useEffect(
    () =>
      connection.subscribe(ViewerChangesDocument, {}, {
        next: ({ viewerChanges: { member } }) => {
          if (!member) return
          setAvailability(member.availability)
          setLost(member.availabilityChange?.reason === 'CONNECTION_LOST')
        },
      }),
    [connection],
  )

  async function choose(next: Presence) {
    const before = availability
    setAvailability(next)
    try {
      const { setAvailability: answer } = await connection.execute(SetAvailabilityDocument, { input: { availability: next } })
      const [refusal] = answer.userErrors
      if (refusal) throw new Error(refusalText(refusal, me.id))
    } catch (error) {
      setAvailability(before)
      toasts.show({ tone: 'bad', text: (error as Fault).message })
    }
  }

  return (
    <div className="me">
      <Avatar name={me.name} size={30} presence={availability} />
      <div>
        <strong>{me.name}</strong>
        <select aria-label="Your availability" value={availability} onChange={(event) => void choose(event.target.value as Presence)}>
          {CHOICES.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        {lost && <small>Offline since your connection was lost</small>}
      </div>
    </div>
  )
}
