import { describe, expect, test } from 'vitest'
import type { Opened } from './thread'
import { changed, waysToSend } from './ways'

const verdict = (action: string, allowed: boolean, reason: string | null = null) => ({ action, allowed, reason, permission: null, requiredPlan: null })

function conversation(part: object): Opened {
  const viewerCan = [verdict('REPLY', true), verdict('TAKE_OVER', true), verdict('REOPEN_AND_REPLY', true), verdict('START_NEW', true)]
  return { status: 'OPEN', assignee: { id: 'me', name: 'Me' }, contact: { id: 'v', name: 'Vera' }, viewerCan, ...part } as unknown as Opened
}
const names = (ways: { name: string }[]) => ways.map(({ name }) => name)

describe('what sending means', () => {
  const ben = { id: 'ben', name: 'Ben' }
  const mayNot = [verdict('REPLY', false, 'TAKEOVER_REQUIRED'), verdict('TAKE_OVER', true)]
  test.each([
    ['mine', {}, false, false, ['reply']],
    ['somebody else’s', { assignee: ben, viewerCan: mayNot }, false, false, ['takeOver']],
    ['somebody else’s, taken over with what is on its way', { assignee: ben, viewerCan: mayNot }, false, true, ['reply']],
    ['closed', { status: 'CLOSED' }, false, false, ['reopenAndReply', 'startNew']],
    ['a note', { status: 'CLOSED' }, true, false, ['note']],
  ])('%s', (_what, part, internal, owned, wanted) => {
    expect(names(waysToSend(conversation(part), internal, 'me', owned))).toEqual(wanted)
  })
})

test.each(['reply', 'note', 'takeOver', 'reopenAndReply', 'startNew'] as const)('%s says what changed, and what to do', (way) => {
  expect(changed(way, conversation({}), [])).toMatch(/Press .+ again/)
})
