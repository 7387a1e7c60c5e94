import { useEffect, useState, useSyncExternalStore } from 'react'
import { type Fault, SetAvailabilityDocument, ViewerDocument } from '../../client'
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

  // Who was away from the server for long may have been set offline by it.
  const state = useSyncExternalStore(connection.state.subscribe, connection.state.get)
  const back = state.phase === 'online' ? state.back : null
  useEffect(() => {
    if (!back) return
    let current = true
    connection.execute(ViewerDocument, {}).then(
      ({ viewer }) => current && viewer.member && setAvailability(viewer.member.availability),
      () => undefined, // the next return asks again
    )
    return () => void (current = false)
  }, [connection, back])

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
      </div>
    </div>
  )
}
