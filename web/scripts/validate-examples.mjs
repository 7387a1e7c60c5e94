// Validates the playground's examples: node validate-examples.mjs [SCHEMA_FILE ...]
// Without a file it takes all of ../graph/schema, and has nothing to do while there is none.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problems, readExamples } from './examples.mjs'

const web = join(import.meta.dirname, '..')

function schemaFiles() {
  if (process.argv.length > 2) return process.argv.slice(2)
  const folder = join(web, '..', 'graph', 'schema')
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((file) => file.endsWith('.graphqls')).map((file) => join(folder, file))
}

const files = schemaFiles()
const examples = readExamples(join(web, 'src', 'playground', 'examples'))
if (files.length === 0) {
  console.log('examples not validated: no graph/schema/*.graphqls yet')
} else {
  const found = problems(files.map((file) => readFileSync(file, 'utf8')).join('\n'), examples)
  found.forEach((line) => console.error(line))
  console.log(`${examples.length} examples, ${found.length} problems`)
  process.exitCode = found.length > 0 ? 1 : 0
}
