import { describe, expect, test } from 'vitest'
import { canonical, signInOf, withSignIn } from './headers'

const owner = { label: 'owner@demo.test', token: 't-owner' }
const agent = { label: 'agent1@demo.test', token: 't-agent' }

describe('withSignIn puts the token of a person into the headers text', () => {
  test.each([
    ['empty text', '', { Authorization: 'Bearer t-owner' }],
    ['somebody else', '{"Authorization":"Bearer t-agent"}', { Authorization: 'Bearer t-owner' }],
    ['another spelling is replaced, not doubled', '{"authorization":"Bearer t-agent"}', { Authorization: 'Bearer t-owner' }],
    ['other headers stay', '{"X-Request-Id":"7"}', { 'X-Request-Id': '7', Authorization: 'Bearer t-owner' }],
    ['half-typed text', '{"Authorization": "Be', { Authorization: 'Bearer t-owner' }],
    ['null is no headers', 'null', { Authorization: 'Bearer t-owner' }],
  ])('%s', (_name, text, wanted) => {
    expect(JSON.parse(withSignIn(text, owner))).toEqual(wanted)
  })
})

describe('signInOf finds whose token the text holds', () => {
  test.each([
    ['the first', withSignIn('', owner), owner],
    ['the second', withSignIn('', agent), agent],
    ['lower case', '{"authorization":"Bearer t-agent"}', agent],
    ['a token of nobody here', '{"Authorization":"Bearer x"}', undefined],
    ['a token without its scheme', '{"Authorization":"t-owner"}', undefined],
    ['no text', '', undefined],
    ['not JSON', '{', undefined],
  ])('%s', (_name, text, wanted) => {
    expect(signInOf(text, [owner, agent])).toBe(wanted)
  })
})

test('canonical spells Authorization for connection_init and leaves the rest', () => {
  expect(canonical({ AUTHORIZATION: 'Bearer a', 'x-trace': '1' })).toEqual({ Authorization: 'Bearer a', 'x-trace': '1' })
})
