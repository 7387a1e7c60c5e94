import type { EndpointFragment, LogRecord, WebhookOrder } from '../../client/index'

/** What is typed into the form of an endpoint. */
export interface Typed {
  name: string
  url: string
  apiKeyId: string
  /** null for those that suit the key. */
  records: LogRecord[] | null
  document: string
  order: WebhookOrder
  /** The number of the first record; empty for the next that commits. */
  from: string
}

/** An empty form. */
export const EMPTY: Typed = { name: '', url: '', apiKeyId: '', records: null, document: '', order: 'PER_CONVERSATION', from: '' }

/** The form of an endpoint as it is. */
export const typedOf = (e: EndpointFragment): Typed => ({ name: e.name, url: e.url, apiKeyId: e.apiKey.id, records: [...e.filter], document: e.document, order: e.order, from: '' })

/** The records that a key may have. A key that only feeds conversations has the messages for their contacts. */
export const recordsOf = (role: string | undefined): readonly LogRecord[] => (role === 'integration' ? ['MESSAGE'] : ['OWNERSHIP', 'MESSAGE', 'AVAILABILITY', 'CONTACT'])

/** The records that are sent: those that were chosen among those that the key may have, or what suits it. */
export function chosenRecords(records: readonly LogRecord[] | null, role: string | undefined): LogRecord[] {
  const may = recordsOf(role)
  return may.filter((record) => (records && may.length > 1 ? records.includes(record) : record !== 'CONTACT'))
}

/** What differs from the endpoint as it was when its form was opened: what somebody else changed meanwhile stays. */
export function changed(before: Typed, now: Typed): Partial<Pick<Typed, 'name' | 'url' | 'document' | 'order'>> & { records?: LogRecord[] } {
  return {
    ...(now.name !== before.name && { name: now.name }),
    ...(now.url !== before.url && { url: now.url }),
    ...(now.document !== before.document && { document: now.document }),
    ...(now.order !== before.order && { order: now.order }),
    ...(now.records && String(now.records) !== String(before.records) && { records: now.records }),
  }
}
