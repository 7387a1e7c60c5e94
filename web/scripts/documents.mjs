// Writes dist/documents.json: the documents that the pages send, as a manifest of
// persisted queries. A server that takes trusted documents only takes these as well.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'graphql'

const web = join(import.meta.dirname, '..')
const generated = readFileSync(join(web, 'client', 'generated', 'graphql.ts'), 'utf8')

const texts = [...generated.matchAll(/new TypedDocumentString\(`([^`]*)`/g)].map(([, text]) => text)
const operations = texts.flatMap((body) => {
  const named = parse(body).definitions.find((definition) => definition.kind === 'OperationDefinition')
  if (!named) return [] // a fragment by itself
  return [{ id: createHash('sha256').update(body).digest('hex'), name: named.name.value, type: named.operation, body }]
})
const known = generated.match(/^export const \w+Document = /gm)?.length ?? 0
if (texts.some((text) => text.includes('\\'))) throw new Error('a document has an escape, which this script does not undo')
if (operations.length === 0 || operations.length !== known) {
  throw new Error(`found ${operations.length} of ${known} documents in client/generated/graphql.ts`)
}
writeFileSync(join(web, 'dist', 'documents.json'), JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }))
