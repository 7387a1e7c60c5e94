import { useCallback, useEffect, useState } from 'react'
import { type Connection, type EndpointFragment, Fault, LogEndsDocument, WebhooksDocument, type WebhooksQuery } from '../../client/index'
import { Button } from '../design/Button'
import { PageLinks } from '../design/PageLinks'
import { useNow } from '../design/time'
import { Endpoint } from './Endpoint'
import { EndpointList } from './EndpointList'
import { NewEndpoint } from './NewEndpoint'
import { go, hashOf, NEW, usePlace } from './place'
import { usePolled } from './polled'
import { SecretDialog, type Shown } from './SecretDialog'

interface Props {
  connection: Connection
  workspace: { name: string; plan: { label: string } }
  onSignOut: () => void
}

/** The endpoints of a workspace, one of them, or the form of a new one. */
export function WebhooksPage({ connection, workspace, onSignOut }: Props) {
  const place = usePlace()
  const [shown, setShown] = useState<Shown | null>(null)
  const plan = usePlanNotice(connection, workspace.plan.label)
  const made = (id: string, secret: Shown) => {
    setShown(secret)
    go(id)
  }
  return (
    <main className="hooks">
      <header className="hooks-head">
        <h1>{place ? <a href={hashOf(null)}>Webhooks</a> : 'Webhooks'}</h1>
        <span dir="auto">{workspace.name}</span>
        <span className="plan quiet">{workspace.plan.label}</span>
        <PageLinks />
        <Button look="bare" onClick={onSignOut}>
          Sign out
        </Button>
      </header>
      {plan && <p className="hooks-plan">{plan}</p>}
      {place === null && <List connection={connection} />}
      {place === NEW && <NewEndpoint connection={connection} onMade={made} onCancel={() => go(null)} />}
      {place !== null && place !== NEW && <Endpoint key={place} connection={connection} id={place} onSecret={setShown} />}
      {shown && <SecretDialog shown={shown} onClose={() => setShown(null)} />}
    </main>
  )
}

const LIST_EVERY = 5000 // milliseconds

function List({ connection }: { connection: Connection }) {
  const ask = useCallback(() => allEndpoints(connection), [connection])
  const { value, fault } = usePolled(ask, LIST_EVERY)
  const now = useNow(1000)
  return (
    <section className="hooks-part" aria-label="Endpoints of webhooks">
      <div className="hooks-do">
        <Button look="primary" onClick={() => go(NEW)}>
          New endpoint
        </Button>
      </div>
      <Lost fault={fault} />
      {value ? <EndpointList endpoints={value} now={now} /> : <p className="quiet">Asking…</p>}
    </section>
  )
}

/** Says that what is shown may be old. */
export const Lost = ({ fault }: { fault: Fault | null }) => (
  <p role="status" className={fault ? 'hooks-lost' : 'sr-only'}>
    {fault && `${fault.message} What is shown may be old. Trying again…`}
  </p>
)

async function allEndpoints(connection: Connection): Promise<EndpointFragment[]> {
  const out: EndpointFragment[] = []
  for (let after: string | null = null; ; ) {
    const { webhooks }: WebhooksQuery = await connection.execute(WebhooksDocument, { after })
    out.push(...webhooks.nodes)
    if (!webhooks.pageInfo.hasNextPage) return out
    after = webhooks.pageInfo.endCursor
  }
}

/** What the plan leaves out, as the server says when the log is asked for; null when it leaves out nothing. */
function usePlanNotice(connection: Connection, plan: string): string | null {
  const [notice, setNotice] = useState<string | null>(null)
  useEffect(() => {
    let over = false
    connection.execute(LogEndsDocument, {}).then(
      () => over || setNotice(null),
      (error: unknown) => over || setNotice(error instanceof Fault && error.code === 'PLAN_REQUIRED' ? `${error.message} A key that only feeds conversations can be sent messages in every plan.` : null),
    )
    return () => {
      over = true
    }
  }, [connection, plan])
  return notice
}
