import { expect, test } from 'vitest'
import { filterOf, type Saved } from './saved'
import { beginning, narrowed, orderKey, OWN, viewsOf } from './views'

const saved = {
  id: 'v1',
  name: 'Old tickets of Anna',
  filter: { list: 'ALL', kinds: ['TICKET'], statuses: null, assigneeIds: ['m1'], createdBetween: { from: null, until: '2026-01-01T00:00:00Z' }, starred: false, search: 'invoice' },
  orderBy: { field: 'CREATED', direction: 'ASC' },
} as unknown as Saved

test('the filter of a saved view is one that lists take: what does not filter is left out', () => {
  expect(filterOf(saved)).toEqual({ list: 'ALL', kinds: ['TICKET'], assigneeIds: ['m1'], createdBetween: { until: '2026-01-01T00:00:00Z' }, starred: false, search: 'invoice' })
})

test('a saved view stands before the teams, is narrowed as another, and has its own order', () => {
  const views = viewsOf([{ id: 't1', name: 'Billing' }], [saved])
  const at = views.findIndex(({ group }) => group === 'Saved')
  expect(views[at]).toMatchObject({ key: 'saved:v1', label: 'Old tickets of Anna' })
  expect(views[at + 1]).toMatchObject({ group: 'Teams' })
  expect(narrowed(views[at]!.filter, { kind: 'ALL', search: 'parcel', awaiting: false, starred: true })).toMatchObject({ assigneeIds: ['m1'], search: 'parcel', starred: true })
  expect(orderKey(views[at]!.order)).toBe(OWN)
})

test('a view that is not counted yet keeps nobody from beginning where something is', () => {
  const views = viewsOf([], [saved])
  const counts = Object.fromEntries(views.filter(({ group }) => group !== 'Saved').map(({ key }) => [key, 0]))
  expect(beginning(views, counts)).toBe(views[0])
})
