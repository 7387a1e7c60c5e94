import { expect, test } from 'vitest'
import { BoundedStore } from '../design/bounded'
import { type Draft, Drafts } from '../design/drafts'
import { type DeskOutbox, type Sent, takeBack, type Way } from './outgoing'

const outbox = { drop: () => {} } as unknown as DeskOutbox
const sent = (way: Way): Sent => ({ key: 'k', conversation: 'c', text: 'sent', payload: { way, version: 1, after: 0 }, state: 'failed', window: 'w', at: 1 })

const WAYS: Way[] = ['reply', 'note', 'takeOver', 'reopenAndReply', 'startNew']

// For each way of sending, and for what is in the field already: nothing, a reply, a note.
test.each(WAYS.flatMap((way) => [null, false, true].map((note) => ({ way, note }))))('a text sent as $way, taken back beside a note: $note', ({ way, note }) => {
  const drafts = new Drafts('me', new BoundedStore<Draft>('draft:', { count: 10, size: 1000 }, null))
  if (note !== null) drafts.set('c', { text: 'typed', internal: note, meant: [note ? 'note' : 'reply'] })
  takeBack(drafts, outbox, sent(way))
  const draft = drafts.get('c')!
  expect(draft.text).toBe(note === null ? 'sent' : 'sent\n\ntyped')
  const forColleagues = note === true || (note === null && way === 'note')
  expect(Boolean(draft.internal)).toBe(forColleagues)
  // Whatever was typed or sent as a note is not meant for the visitor: sending it there asks first.
  if (note === true || way === 'note') for (const public_ of WAYS.filter((other) => other !== 'note')) expect(draft.meant).not.toContain(public_)
})
