import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', '..', 'graph', 'schema')

/** The files of the schema that the server is generated from. */
export function schemaFiles() {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((file) => file.endsWith('.graphqls')).map((file) => join(folder, file))
}

/** The text of schema files, as one. */
export function readSchema(files = schemaFiles()) {
  return files.map((file) => readFileSync(file, 'utf8')).join('\n')
}
