import { expect, test } from 'vitest'
import { hashOf, placeOf } from './place'
import { beginning, narrowed, NO_CHOICE, viewOf, viewsOf } from './views'

const NAMES = ['Support', 'support', 'A/B', '100 %', '%', '#1', '?', 'Wörter & Zeichen', 'فريق', '日本', '😀', ' ', 'team:x', '"<b>"']
const teams = NAMES.map((name, index) => ({ id: `VGVhbTp${index}=/+`, name }))

test('a team has one view, in the address by its id, whatever its name', () => {
  const views = viewsOf(teams)
  expect(new Set(views.map(({ key }) => key)).size).toBe(views.length)
  for (const { key, label } of views) {
    const place = placeOf(hashOf({ view: key, conversation: null }))
    expect(viewOf(views, place.view)?.label).toBe(label)
  }
})

test('every team has a view, however many there are', () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ id: `${index}`, name: `Team ${index}` }))
  expect(viewsOf(many).filter(({ group }) => group === 'Teams')).toHaveLength(400)
})

test('one begins where something is', () => {
  const views = viewsOf([])
  expect(beginning(views, {})).toBeNull()
  expect(beginning(views, { mine: 0 })).toBeNull()
  expect(beginning(views, { mine: 2 })!.key).toBe('mine')
  expect(beginning(views, { mine: 0, unassigned: 0, waiting: 3 })!.key).toBe('waiting')
  expect(beginning(views, Object.fromEntries(views.map(({ key }) => [key, 0])))!.key).toBe('mine')
})

test('a view is narrowed by what was chosen and typed', () => {
  expect(narrowed({ list: 'MINE' }, { ...NO_CHOICE, search: '  ' })).toEqual({ list: 'MINE' })
  expect(narrowed({ list: 'MINE' }, { kind: 'TICKET', search: ' zip ', awaiting: true, starred: true })).toEqual({ list: 'MINE', kinds: ['TICKET'], search: 'zip', awaitingReply: true, starred: true })
})
