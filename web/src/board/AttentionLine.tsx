import { Avatar } from '../design/Avatar'
import { type Attended, does, sentenceOf, useCalm } from '../design/attendance'
import { nameOf } from '../design/told'
import './attention.css'

/** Who else is at the open conversation. What is read aloud is only who writes, once that has lasted. */
export function AttentionLine({ present }: { present: readonly Attended[] }) {
  const typing = present.some(({ kind }) => kind === 'TYPING')
  const writers = present.filter(({ kind }) => kind !== 'VIEWING').map((one) => ({ ...one, kind: 'TYPING' as const }))
  const aloud = useCalm(sentenceOf(writers))
  return (
    <div className="attention">
      <p className="attention-line" data-testid="attention" data-typing={typing || undefined} aria-hidden="true" dir="auto">
        {sentenceOf(present)}
        {typing && <Dots />}
      </p>
      <p className="sr-only" role="status">
        {aloud}
      </p>
    </div>
  )
}

/** Three dots that move while somebody types. */
export function Dots() {
  return (
    <span className="dots">
      <i />
      <i />
      <i />
    </span>
  )
}

const SHOWN = 3

/** Who else is at the conversation of a row, small. */
export function RowPresent({ present }: { present: readonly Attended[] }) {
  if (present.length === 0) return null
  const said = sentenceOf(present)
  return (
    <span className="row-present" role="img" aria-label={said} title={said}>
      {present.slice(0, SHOWN).map((one) => (
        <span key={nameOf(one.actor)} data-does={does(one)} data-typing={one.kind === 'TYPING' || undefined}>
          <Avatar name={nameOf(one.actor)} size={18} robot={one.actor.__typename === 'AIAgent'} />
        </span>
      ))}
      {present.length > SHOWN && <span className="row-present-more">+{present.length - SHOWN}</span>}
    </span>
  )
}
