import { join } from 'node:path'
import { expect, test } from 'vitest'
import { problems, readExamples } from './examples.mjs'

const sdl = `
  type Query { person(id: ID!): Person }
  type Person { name: String! }
  input Renaming { id: ID!, name: String! }
  type Mutation { rename(input: Renaming!): Person }
`

const cases = [
  { title: 'a good query', operation: 'query P($id: ID!) { person(id: $id) { name } }', variables: '{"id":"1"}', wanted: [] },
  { title: 'a field the schema lacks', operation: 'query P { person(id: "1") { age } }', wanted: [/Cannot query field "age"/] },
  { title: 'a syntax error', operation: 'query P { person(', wanted: [/Syntax Error/] },
  { title: 'a missing variable', operation: 'query P($id: ID!) { person(id: $id) { name } }', wanted: [/"\$id" of required type/] },
  {
    title: 'an input field the schema lacks',
    operation: 'mutation R($input: Renaming!) { rename(input: $input) { name } }',
    variables: '{"input":{"id":"1","name":"A","nick":"B"}}',
    wanted: [/"nick" is not defined/],
  },
  { title: 'a variable nobody reads', operation: 'query P { person(id: "1") { name } }', variables: '{"x":1}', wanted: [/no variable \$x/] },
  { title: 'variables that are not JSON', operation: 'query P { person(id: "1") { name } }', variables: '{', wanted: [/JSON/] },
  { title: 'no name for the tab', operation: '{ person(id: "1") { name } }', wanted: [/with a name/] },
]

for (const { title, operation, variables = '{}', wanted } of cases) {
  test(title, () => {
    const found = problems(sdl, [{ name: 'example', operation, variables }])
    expect(found).toHaveLength(wanted.length)
    wanted.forEach((pattern, index) => expect(found[index]).toMatch(pattern))
  })
}

for (const broken of ['type Person { name: String! }', 'type Query { person: Nobody }', 'type Query {']) {
  test(`a schema that does not hold together is named as such: ${broken}`, () => {
    expect(problems(broken, [])[0]).toMatch(/^schema: /)
  })
}

test('directives that only the code generator knows are no problem', () => {
  expect(problems('type Query { name: String @goField(forceResolver: true) }', [])).toEqual([])
})

test('every example has a different operation name, so that tabs can be told apart', () => {
  const examples = readExamples(join(import.meta.dirname, '..', 'src', 'playground', 'examples'))
  const names = examples.map(({ operation }) => /^(?:query|mutation|subscription) (\w+)/m.exec(operation)?.[1])
  expect(names.length).toBeGreaterThanOrEqual(14)
  expect(names).not.toContain(undefined)
  expect(new Set(names).size).toBe(names.length)
})
