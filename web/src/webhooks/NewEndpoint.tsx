import { type Connection, CreateWebhookDocument, type LogRecord } from '../../client/index'
import { useKept } from '../design/useKept'
import { useActs } from './acts'
import { EndpointForm } from './EndpointForm'
import { useKeys } from './keys'
import type { Shown } from './SecretDialog'
import { EMPTY, type Typed } from './typed'

interface Props {
  connection: Connection
  onMade: (id: string, shown: Shown) => void
  onCancel: () => void
}

const NOTHING = JSON.stringify(EMPTY)

/** Makes an endpoint. What is typed is kept over a reload. */
export function NewEndpoint({ connection, onMade, onCancel }: Props) {
  const [kept, keep] = useKept('webhooks:new', NOTHING)
  const { keys, fault } = useKeys(connection)
  const acts = useActs(connection)
  const typed = { ...EMPTY, ...(JSON.parse(kept) as Typed) }

  async function create({ name, url, apiKeyId, document, order, from }: Typed, records: LogRecord[]) {
    if (!apiKeyId) return [{ code: 'INVALID_INPUT', message: 'Choose the API key as which the endpoint acts.', field: ['apiKeyId'] }]
    const input = { name, url, apiKeyId, records, order, ...(document.trim() && { document }), ...(from.trim() && { from: { sequence: from.trim() } }) }
    const outcome = await acts.run('create', input, async (by, idempotencyKey) => (await by.execute(CreateWebhookDocument, { input: { ...input, idempotencyKey } })).createWebhook)
    if (!outcome?.done) return outcome?.refused ?? []
    const { webhook, secret } = outcome.done
    keep(NOTHING)
    if (webhook) onMade(webhook.id, { name: webhook.name, secret })
    return []
  }

  if (!keys) {
    return (
      <p role="status" className="quiet">
        {fault ? fault.message : 'Asking which API keys there are…'}
      </p>
    )
  }
  return (
    <EndpointForm title="New endpoint" verb="Create" typed={typed} onType={(next) => keep(JSON.stringify(next))} keys={keys} busy={acts.busy !== null} onSubmit={create} onCancel={onCancel}>
      {keys.length === 0 && <p>This workspace has no API key. Make one with the mutation createApiKey, or with `switchboard key create`.</p>}
    </EndpointForm>
  )
}
