import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type EndpointFragment, ReplayWebhookDocument } from '../../client/index'
import { Button } from '../design/Button'
import { about, type Acts, type Refused } from './acts'
import { Field, Wrong } from './Field'
import { done, placeOf, type Replay, spanOf } from './replay'
import { moment } from './words'

interface Props {
  endpoint: EndpointFragment
  acts: Acts
  /** The number of the first record, which a delivery may have set. */
  from: string
  onFrom: (from: string) => void
  onDone: (words: string) => void
}

const NO_PLACE: Refused[] = [{ code: 'INVALID_INPUT', message: 'Type the number of a record, or choose a time.', field: ['from'] }]

/** Sends records again from a place on, and shows how far the last replays have got. */
export function Replays({ endpoint: { id, state, replays }, acts, from, onFrom, onDone }: Props) {
  const [kind, setKind] = useState<'sequence' | 'at'>('sequence')
  const [time, setTime] = useState('')
  const [parked, setParked] = useState(false)
  const [refused, setRefused] = useState<readonly Refused[]>([])
  const number = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!from) return
    setKind('sequence')
    number.current?.focus()
  }, [from])

  async function submit(event: FormEvent) {
    event.preventDefault()
    const place = placeOf(kind, kind === 'sequence' ? from : time)
    if (!place) return setRefused(NO_PLACE)
    const input = { webhookId: id, from: place, ...(parked && { onlyState: 'PARKED' as const }) }
    const outcome = await acts.run('replay', input, async (by, idempotencyKey) => (await by.execute(ReplayWebhookDocument, { input: { ...input, idempotencyKey } })).replayWebhook)
    setRefused(outcome?.refused ?? [])
    if (!outcome?.done) return
    onFrom('')
    onDone(outcome.done.events === 1 ? '1 record is sent again.' : `${outcome.done.events} records are gone through, and sent again.`)
  }

  return (
    <section className="hooks-part" aria-labelledby="hooks-replays">
      <h3 id="hooks-replays">Replay</h3>
      <form className="hooks-replay" aria-label="Replay from here" noValidate onSubmit={(event) => void submit(event)}>
        <Field label="From" wrong={null}>
          {(attributes) => (
            <select {...attributes} value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>
              <option value="sequence">record number</option>
              <option value="at">a time</option>
            </select>
          )}
        </Field>
        <Field label={kind === 'sequence' ? 'Number' : 'Time'} wrong={about(refused, 'from')}>
          {(attributes) =>
            kind === 'sequence' ? (
              <input {...attributes} ref={number} inputMode="numeric" autoComplete="off" value={from} onChange={(event) => onFrom(event.target.value)} />
            ) : (
              <input {...attributes} type="datetime-local" step={1} value={time} onChange={(event) => setTime(event.target.value)} />
            )
          }
        </Field>
        <label className="hooks-check">
          <input type="checkbox" checked={parked} onChange={() => setParked(!parked)} /> Only what was parked
        </label>
        <Button type="submit" busy={acts.busy === 'replay'} denied={state === 'DISABLED' ? 'Turn it on first' : null}>
          Replay from here
        </Button>
      </form>
      <Wrong text={about(refused, null, ['from'])} />
      {replays.length > 0 && (
        <ul className="hooks-replays" aria-label="Replays and tests">
          {replays.map((replay) => (
            <ReplayRow key={replay.id} replay={replay} />
          ))}
        </ul>
      )}
    </section>
  )
}

function ReplayRow({ replay }: { replay: Replay }) {
  const part = done(replay)
  return (
    <li>
      <span>
        {spanOf(replay)}, <time dateTime={replay.at}>{moment(replay.at)}</time>
      </span>
      {replay.over ? (
        <span className="quiet">Done</span>
      ) : (
        <span>
          {!replay.test && <progress aria-label={spanOf(replay)} value={part} />} {part > 0 ? `${Math.floor(100 * part)} %, at ${replay.settled}` : 'Waits'}
        </span>
      )}
    </li>
  )
}
