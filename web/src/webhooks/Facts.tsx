import type { ReactNode } from 'react'
import type { EndpointFragment } from '../../client/index'
import { Standing } from './EndpointList'
import { ORDERS, RECORDS } from './words'

/** What an endpoint is set to, and how far it has got. */
export function Facts({ endpoint: e, now }: { endpoint: EndpointFragment; now: number }) {
  return (
    <dl className="hooks-facts">
      <Fact name="Address">
        <span className="hooks-code">{e.url}</span>
      </Fact>
      <Fact name="Progress">
        <Standing endpoint={e} now={now} />
      </Fact>
      <Fact name="API key">
        <bdi>{e.apiKey.name}</bdi> ({e.apiKey.role.name}){e.apiKey.revokedAt && ', revoked'}
      </Fact>
      <Fact name="Records">{e.filter.map((record) => RECORDS[record]).join(', ')}</Fact>
      <Fact name="Order">{ORDERS[e.order]}</Fact>
      <Fact name="Payload">{e.document ? <pre className="hooks-code">{e.document}</pre> : 'The default: ids, and no text that anybody wrote'}</Fact>
      <Fact name="Secrets">{e.secretHints.length > 0 ? e.secretHints.map((hint) => `…${hint}`).join(', ') : 'None'}</Fact>
      {e.publicKey && (
        <Fact name="Public key">
          <span className="hooks-code">{e.publicKey}</span>
        </Fact>
      )}
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
