import { type FormEvent, type ReactNode, useState } from 'react'
import type { LogRecord, WebhookOrder } from '../../client/index'
import { Button } from '../design/Button'
import { about, type Refused } from './acts'
import { Field, Wrong } from './Field'
import type { Key } from './keys'
import { chosenRecords, recordsOf, type Typed } from './typed'
import { ORDERS, RECORDS } from './words'

interface Props {
  title: string
  /** The words of the button. */
  verb: string
  typed: Typed
  onType: (typed: Typed) => void
  /** The keys to choose from, for an endpoint that is made; the name of its own for one that is. */
  keys: Key[] | string
  /** The role of an endpoint's own key. */
  role?: string
  busy: boolean
  /** Resolves to what was refused. */
  onSubmit: (typed: Typed, records: LogRecord[]) => Promise<readonly Refused[]>
  onCancel: () => void
  children?: ReactNode
}

const SHOWN = ['name', 'url', 'apiKeyId', 'records', 'document', 'order', 'from']

/** The settings of an endpoint. What the server refuses is said where it was typed. */
export function EndpointForm({ title, verb, typed, onType, keys, role: own, busy, onSubmit, onCancel, children }: Props) {
  const [refused, setRefused] = useState<readonly Refused[]>([])
  const role = own ?? (Array.isArray(keys) ? keys.find(({ id }) => id === typed.apiKeyId)?.role.name : undefined)
  const records = chosenRecords(typed.records, role)
  const set = (part: Partial<Typed>) => onType({ ...typed, ...part })
  const wrong = (field: string) => about(refused, field)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    setRefused(await onSubmit(typed, records))
  }

  return (
    <form className="hooks-form" aria-label={title} onSubmit={(event) => void submit(event)} noValidate>
      <h2>{title}</h2>
      <Wrong text={about(refused, null, SHOWN)} />
      <Field label="Name" wrong={wrong('name')}>
        {(attributes) => <input {...attributes} autoFocus dir="auto" autoComplete="off" value={typed.name} onChange={(event) => set({ name: event.target.value })} />}
      </Field>
      <Field label="Address" wrong={wrong('url')} hint="Where events are posted to, such as https://crm.example/hooks">
        {(attributes) => (
          <input {...attributes} type="url" inputMode="url" autoComplete="off" spellCheck={false} value={typed.url} onChange={(event) => set({ url: event.target.value })} />
        )}
      </Field>
      {Array.isArray(keys) ? (
        <Field label="API key" wrong={wrong('apiKeyId')} hint="The endpoint is shown what this key may see.">
          {(attributes) => (
            <select {...attributes} value={typed.apiKeyId} onChange={(event) => set({ apiKeyId: event.target.value, records: null })}>
              <option value="">Choose a key</option>
              {keys.map(({ id, name, role: { name: roleName } }) => (
                <option key={id} value={id}>
                  {name} ({roleName})
                </option>
              ))}
            </select>
          )}
        </Field>
      ) : (
        <p>
          API key: <bdi>{keys}</bdi>
        </p>
      )}
      <Records records={records} may={recordsOf(role)} wrong={wrong('records')} onChange={(chosen) => set({ records: chosen })} />
      <Field label="Payload" wrong={wrong('document')} hint="A GraphQL selection on LoggedEvent. Empty for the default: ids, and no text that anybody wrote.">
        {(attributes) => (
          <textarea
            {...attributes}
            className="hooks-code"
            rows={4}
            spellCheck={false}
            placeholder="{ event { kind conversation { id subject } } message { body } }"
            value={typed.document}
            onChange={(event) => set({ document: event.target.value })}
          />
        )}
      </Field>
      <Field label="Order" wrong={wrong('order')}>
        {(attributes) => (
          <select {...attributes} value={typed.order} onChange={(event) => set({ order: event.target.value as WebhookOrder })}>
            {Object.entries(ORDERS).map(([order, words]) => (
              <option key={order} value={order}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      {Array.isArray(keys) && (
        <Field label="First record" wrong={wrong('from')} hint="Its number in the log. Empty for the next that commits.">
          {(attributes) => <input {...attributes} inputMode="numeric" autoComplete="off" value={typed.from} onChange={(event) => set({ from: event.target.value })} />}
        </Field>
      )}
      {children}
      <div className="hooks-do">
        <Button look="bare" onClick={onCancel}>
          Cancel
        </Button>
        <Button look="primary" type="submit" busy={busy}>
          {verb}
        </Button>
      </div>
    </form>
  )
}

interface RecordsProps {
  records: readonly LogRecord[]
  may: readonly LogRecord[]
  wrong: string | null
  onChange: (records: LogRecord[]) => void
}

function Records({ records, may, wrong, onChange }: RecordsProps) {
  const turn = (record: LogRecord) => onChange(may.filter((one) => (one === record ? !records.includes(one) : records.includes(one))))
  return (
    <fieldset className="hooks-field" aria-describedby={wrong ? 'hooks-records-wrong' : undefined}>
      <legend>Records</legend>
      {may.length === 1 && <p className="quiet">A key that only feeds conversations is sent the messages for their contacts.</p>}
      {may.map((record) => (
        <label key={record} className="hooks-check">
          <input type="checkbox" checked={records.includes(record)} disabled={may.length === 1} onChange={() => turn(record)} /> {RECORDS[record]}
        </label>
      ))}
      <Wrong id="hooks-records-wrong" text={wrong} />
    </fieldset>
  )
}
