import type { EndpointFragment } from '../../client/index'
import { lasting } from '../design/time'
import { hashOf } from './place'
import { ORDERS, reasonOf, STATES } from './words'

/** The endpoints of the workspace, each with how far it has got. */
export function EndpointList({ endpoints, now }: { endpoints: readonly EndpointFragment[]; now: number }) {
  if (endpoints.length === 0) return <p className="quiet">No endpoint yet: nothing is sent to other systems.</p>
  return (
    <ul className="hooks-list" aria-label="Endpoints">
      {endpoints.map((e) => (
        <li key={e.id}>
          <a href={hashOf(e.id)}>
            <span className="hooks-name">
              <strong dir="auto">{e.name}</strong> <StateChip endpoint={e} />
            </span>
            <span className="hooks-url">{e.url}</span>
            <span className="quiet">
              {ORDERS[e.order]} · <Standing endpoint={e} now={now} />
            </span>
            {reasonOf(e.state, e.stateReason) && <span className="hooks-why">{reasonOf(e.state, e.stateReason)}</span>}
          </a>
        </li>
      ))}
    </ul>
  )
}

/** The state of an endpoint, in a word and a colour. */
export const StateChip = ({ endpoint: { state } }: { endpoint: EndpointFragment }) => (
  <span className="chip hooks-state" data-state={state}>
    {STATES[state]}
  </span>
)

/** How far an endpoint has got, and how far it is behind. */
export function Standing({ endpoint: { delivered, behind, oldestUndelivered }, now }: { endpoint: EndpointFragment; now: number }) {
  return (
    <span>
      {delivered ? `delivered up to ${delivered}` : 'nothing delivered yet'}
      {behind > 0 ? `, ${behind} behind` : ', up to date'}
      {oldestUndelivered && ` for ${lasting(now - Date.parse(oldestUndelivered))}`}
    </span>
  )
}
