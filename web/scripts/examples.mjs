import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildSchema, getVariableValues, parse, specifiedRules, validate, validateSchema } from 'graphql'

/** Every example of a folder: its name, its operation, and its variables when it has any. */
export function readExamples(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const variables = join(folder, file.replace(/\.graphql$/, '.json'))
      return {
        name: basename(file, '.graphql'),
        operation: readFileSync(join(folder, file), 'utf8'),
        variables: existsSync(variables) ? readFileSync(variables, 'utf8') : '{}',
      }
    })
}

/** What is wrong with the examples under this schema, one line each; empty when all are good. */
export function problems(sdl, examples) {
  let schema
  try {
    // gqlgen knows directives that the files need not declare, and checks the SDL itself.
    schema = buildSchema(sdl, { assumeValidSDL: true })
  } catch (error) {
    return [`schema: ${error.message}`]
  }
  const broken = validateSchema(schema)
  if (broken.length > 0) return broken.map((error) => `schema: ${error.message}`)
  return examples.flatMap((example) => problemsOf(schema, example).map((line) => `${example.name}: ${line}`))
}

function problemsOf(schema, { operation, variables }) {
  try {
    const document = parse(operation)
    const errors = validate(schema, document, specifiedRules)
    return [...errors, ...variableErrors(schema, document, JSON.parse(variables))].map((error) => error.message)
  } catch (error) {
    return [error.message]
  }
}

function variableErrors(schema, document, variables) {
  const operations = document.definitions.filter((definition) => definition.kind === 'OperationDefinition')
  if (operations.length !== 1 || !operations[0].name) {
    return [new Error('needs exactly one operation, with a name: it is the title of the tab')]
  }
  const declared = operations[0].variableDefinitions ?? []
  const unused = Object.keys(variables).filter((name) => !declared.some((d) => d.variable.name.value === name))
  const { errors = [] } = getVariableValues(schema, declared, variables)
  return [...errors, ...unused.map((name) => new Error(`the operation has no variable $${name}`))]
}
