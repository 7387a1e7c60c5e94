import type { DeliveryRowFragment } from '../../client/index'
import { Button } from '../design/Button'
import { lasting } from '../design/time'
import { DELIVERIES, moment } from './words'

interface Props {
  delivery: DeliveryRowFragment
  now: number
  busy: boolean
  denied: string | null
  onAgain: () => void
  onReplayFrom: () => void
}

/** One delivery. It opens on its attempts, and stays open while they are asked for again. */
export function DeliveryRow({ delivery, now, busy, denied, onAgain, onReplayFrom }: Props) {
  const { sequence, eventId, state, replay, attempts } = delivery
  const last = attempts.at(-1)
  const named = sequence === null ? 'Test' : `Record ${sequence}`
  return (
    <li className="hooks-delivery">
      <details>
        <summary>
          <strong>{named}</strong>
          <span className="chip hooks-state" data-state={state}>
            {DELIVERIES[state]}
          </span>
          {replay && sequence !== null && <span className="chip">replay</span>}
          <span className="quiet">
            {last ? `${answerOf(last)}, ${moment(last.at)}` : 'not tried'}
            {nextOf(delivery, now)}
          </span>
        </summary>
        <p className="quiet hooks-code">{eventId}</p>
        <Attempts delivery={delivery} named={named} />
        {sequence !== null && (
          <div className="hooks-acts">
            <Button busy={busy} denied={denied} aria-label={`Send again, record ${sequence}`} onClick={onAgain}>
              Send again
            </Button>
            <Button aria-label={`Replay from here, record ${sequence}`} onClick={onReplayFrom}>
              Replay from here
            </Button>
          </div>
        )}
      </details>
    </li>
  )
}

type Attempt = DeliveryRowFragment['attempts'][number]

const answerOf = ({ status, error }: Attempt) => (status === null ? (error ?? 'no answer') : String(status))

function nextOf({ nextAttemptAt }: DeliveryRowFragment, now: number): string {
  if (!nextAttemptAt) return ''
  const wait = Date.parse(nextAttemptAt) - now
  return wait > 0 ? `, again in ${lasting(wait)}` : ', again now'
}

function Attempts({ delivery: { attempts, nextAttemptAt }, named }: { delivery: DeliveryRowFragment; named: string }) {
  if (attempts.length === 0) return <p>It was not tried.</p>
  return (
    <div className="hooks-attempts">
      <table aria-label={`Attempts of ${named}`}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Answer</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr key={attempt.at}>
              <td>
                <time dateTime={attempt.at}>{moment(attempt.at)}</time>
              </td>
              <td>
                {answerOf(attempt)}
                {attempt.bodyStart && <span className="quiet hooks-body"> {attempt.bodyStart}</span>}
              </td>
              <td>{attempt.millis} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
      {nextAttemptAt && (
        <p className="quiet">
          Next attempt: <time dateTime={nextAttemptAt}>{moment(nextAttemptAt)}</time>
        </p>
      )}
    </div>
  )
}
