import { expect, test } from 'vitest'
import { type Attended, does, sentenceOf } from './attendance'
import { isolated } from './text'

const one = (name: string, kind: Attended['kind'], internal = false): Attended => ({ kind, internal, actor: { __typename: 'Member', id: name, name } })
const [ann, ben, cem, dan] = ['Ann', 'Ben', 'Cem', 'Dan'].map((name) => isolated(name))

test('who is there, in one sentence, the busiest first', () => {
  expect(sentenceOf([])).toBe('')
  expect(sentenceOf([one('Ann', 'VIEWING'), one('Ben', 'TYPING')])).toBe(`${ben} is typing · ${ann} is looking at this`)
  expect(sentenceOf([one('Ann', 'TYPING'), one('Ben', 'TYPING')])).toBe(`${ann} and ${ben} are typing`)
  expect(sentenceOf([one('Ann', 'DRAFTING'), one('Ben', 'DRAFTING'), one('Cem', 'DRAFTING')])).toBe(`${ann}, ${ben}, ${cem} have begun a reply`)
  expect(sentenceOf(['Ann', 'Ben', 'Cem', 'Dan'].map((name) => one(name, 'VIEWING')))).toBe(`${ann}, ${ben} and 2 others are looking at this`)
  expect(dan).toBeDefined()
  expect(does(one('Ann', 'TYPING', true))).toBe('is typing a note')
  expect(does(one('Ann', 'DRAFTING', true))).toBe('has begun a note')
})
