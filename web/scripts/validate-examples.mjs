// Validates the playground's examples: node validate-examples.mjs [SCHEMA_FILE ...]
// Without a file it takes all of ../graph/schema, and has nothing to do while there is none.
import { join } from 'node:path'
import { problems, readExamples } from './examples.mjs'
import { readSchema, schemaFiles } from './schema.mjs'

const files = process.argv.length > 2 ? process.argv.slice(2) : schemaFiles()
const examples = readExamples(join(import.meta.dirname, '..', 'src', 'playground', 'examples'))
if (files.length === 0) {
  console.log('examples not validated: no graph/schema/*.graphqls yet')
} else {
  const found = problems(readSchema(files), examples)
  found.forEach((line) => console.error(line))
  console.log(`${examples.length} examples, ${found.length} problems`)
  process.exitCode = found.length > 0 ? 1 : 0
}
