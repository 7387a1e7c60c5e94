import { useState } from 'react'
import { type EndpointFragment, UpdateWebhookDocument } from '../../client/index'
import type { Acts } from './acts'
import { EndpointForm } from './EndpointForm'
import { changed, typedOf } from './typed'

interface Props {
  /** The endpoint as it was when one began to edit. */
  before: EndpointFragment
  acts: Acts
  /** Hears what was done; empty for nothing. */
  onDone: (words: string) => void
}

/** Changes the settings of an endpoint. Nothing that is typed is lost while the endpoint is asked for again. */
export function EditEndpoint({ before, acts, onDone }: Props) {
  const [typed, setTyped] = useState(() => typedOf(before))
  return (
    <EndpointForm
      title={`Settings of ${before.name}`}
      verb="Save"
      typed={typed}
      onType={setTyped}
      keys={before.apiKey.name}
      role={before.apiKey.role.name}
      busy={acts.busy === 'update'}
      onSubmit={async (now) => {
        const input = { webhookId: before.id, ...changed(typedOf(before), now) }
        const outcome = await acts.run('update', input, async (by) => (await by.execute(UpdateWebhookDocument, { input })).updateWebhook)
        if (outcome?.done) onDone('Saved.')
        return outcome?.refused ?? []
      }}
      onCancel={() => onDone('')}
    />
  )
}
