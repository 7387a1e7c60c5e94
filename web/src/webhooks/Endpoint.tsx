import { useCallback, useState } from 'react'
import { type Connection, type DeliveryState, type EndpointFragment, WebhookDocument, type WebhookQuery } from '../../client/index'
import { useNow } from '../design/time'
import { EditEndpoint } from './EditEndpoint'
import { EndpointActs } from './EndpointActs'
import { StateChip } from './EndpointList'
import { Facts } from './Facts'
import { Deliveries } from './Deliveries'
import { usePolled } from './polled'
import { Replays } from './Replays'
import type { Shown } from './SecretDialog'
import { Lost } from './WebhooksPage'
import { useActs } from './acts'
import { reasonOf } from './words'

type Found = Extract<WebhookQuery['node'], { __typename: 'WebhookEndpoint' }>

interface Props {
  connection: Connection
  id: string
  onSecret: (shown: Shown) => void
}

const EVERY = 2000 // milliseconds

/** One endpoint: its settings, what can be done with it, what is sent again, and what was sent. */
export function Endpoint({ connection, id, onSecret }: Props) {
  const [state, setState] = useState<DeliveryState | null>(null)
  const [after, setAfter] = useState<string | null>(null)
  const ask = useCallback(async () => (await connection.execute(WebhookDocument, { id, state, after })).node, [connection, id, state, after])
  const { value, fault, again } = usePolled(ask, EVERY)
  const now = useNow(1000)
  const acts = useActs(connection)
  const [editing, setEditing] = useState<EndpointFragment | null>(null)
  const [said, setSaid] = useState('')
  const [from, setFrom] = useState('')

  const found = value?.__typename === 'WebhookEndpoint' ? (value as Found) : null
  const tell = (words: string) => {
    setSaid(words)
    again()
  }
  if (!found) return fault ? <Missing words={fault.message} /> : <p className="quiet">Asking…</p>
  return (
    <article className="hooks-one" aria-labelledby="hooks-name">
      <header className="hooks-name">
        <h2 id="hooks-name" dir="auto">
          {found.name}
        </h2>
        <StateChip endpoint={found} />
        <span className="hooks-why">{reasonOf(found.state, found.stateReason)}</span>
      </header>
      <Lost fault={fault} />
      <EndpointActs endpoint={found} acts={acts} onDone={tell} onSecret={onSecret} onEdit={() => setEditing(found)} />
      <p role="status" className="hooks-said">
        {said}
      </p>
      {editing ? (
        <EditEndpoint before={editing} acts={acts} onDone={(words) => (setEditing(null), words && tell(words))} />
      ) : (
        <Facts endpoint={found} now={now} />
      )}
      <Replays endpoint={found} acts={acts} from={from} onFrom={setFrom} onDone={tell} />
      <Deliveries
        endpoint={found}
        now={now}
        acts={acts}
        state={state}
        onState={(next) => (setState(next), setAfter(null))}
        later={after !== null}
        onPage={setAfter}
        onDone={tell}
        onReplayFrom={setFrom}
      />
    </article>
  )
}

const Missing = ({ words }: { words: string }) => (
  <p role="status">
    {words} <a href="#">All endpoints</a>
  </p>
)

export type { Found }
