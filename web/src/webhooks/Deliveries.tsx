import type { DeliveryRowFragment, DeliveryState } from '../../client/index'
import { ReplayWebhookDocument } from '../../client/index'
import { Button } from '../design/Button'
import type { Acts } from './acts'
import { about } from './acts'
import { DeliveryRow } from './DeliveryRow'
import type { Found } from './Endpoint'
import { DELIVERIES } from './words'

interface Props {
  endpoint: Found
  now: number
  acts: Acts
  state: DeliveryState | null
  onState: (state: DeliveryState | null) => void
  /** Whether this is not the first page. */
  later: boolean
  /** Goes to the page behind a cursor, or to the first. */
  onPage: (after: string | null) => void
  onDone: (words: string) => void
  onReplayFrom: (sequence: string) => void
}

// What was never tried is in no list.
const LISTED = ['DELIVERED', 'RETRYING', 'PARKED', 'SKIPPED'] as const

/** What was sent to an endpoint, newest first, with each attempt. */
export function Deliveries({ endpoint, now, acts, state, onState, later, onPage, onDone, onReplayFrom }: Props) {
  const { nodes, pageInfo } = endpoint.deliveries

  async function again({ sequence, state: was }: DeliveryRowFragment) {
    if (sequence === null) return
    const place = { sequence }
    const input = { webhookId: endpoint.id, from: place, to: place, ...(was === 'PARKED' && { onlyState: 'PARKED' as const }) }
    const outcome = await acts.run(`again ${sequence}`, input, async (by, idempotencyKey) => (await by.execute(ReplayWebhookDocument, { input: { ...input, idempotencyKey } })).replayWebhook)
    if (outcome) onDone(outcome.done ? `Record ${sequence} is sent again.` : (about(outcome.refused, null) ?? ''))
  }

  return (
    <section className="hooks-part" aria-labelledby="hooks-deliveries">
      <header className="hooks-deliveries-head">
        <h3 id="hooks-deliveries">Deliveries</h3>
        <label>
          Show{' '}
          <select value={state ?? ''} onChange={(event) => onState((event.target.value || null) as DeliveryState | null)}>
            <option value="">all</option>
            {LISTED.map((one) => (
              <option key={one} value={one}>
                {DELIVERIES[one].toLowerCase()}
              </option>
            ))}
          </select>
        </label>
      </header>
      {nodes.length === 0 && <p className="quiet">{state ? 'None in this state.' : 'Nothing was sent yet.'}</p>}
      <ul className="hooks-deliveries" aria-label="Deliveries">
        {nodes.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            delivery={delivery}
            now={now}
            busy={acts.busy === `again ${delivery.sequence}`}
            denied={endpoint.state === 'DISABLED' ? 'Turn it on first' : null}
            onAgain={() => void again(delivery)}
            onReplayFrom={() => delivery.sequence && onReplayFrom(delivery.sequence)}
          />
        ))}
      </ul>
      <div className="hooks-do">
        {later && <Button onClick={() => onPage(null)}>Newest</Button>}
        {pageInfo.hasNextPage && <Button onClick={() => onPage(pageInfo.endCursor)}>Older</Button>}
      </div>
    </section>
  )
}
