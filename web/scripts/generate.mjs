// Makes client/generated/graphql.ts from the schema and client/documents: the
// types of every operation, and the operations as documents that carry them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codegen } from '@graphql-codegen/core'
import * as documentNodes from '@graphql-codegen/typed-document-node'
import * as operations from '@graphql-codegen/typescript-operations'
import { parse } from 'graphql'
import { readSchema } from './schema.mjs'

const client = join(import.meta.dirname, '..', 'client')
const output = join(client, 'generated', 'graphql.ts')

const documents = readdirSync(join(client, 'documents'))
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => join(client, 'documents', file))
  .map((location) => ({ location, document: parse(readFileSync(location, 'utf8')) }))

const text = await codegen({
  filename: output,
  schema: parse(readSchema()),
  documents,
  plugins: [{ operations: {} }, { documentNodes: {} }],
  pluginMap: { operations, documentNodes },
  config: {
    scalars: { ID: 'string', DateTime: 'string', Cursor: 'string', Sequence: 'string' },
    enumType: 'string-literal',
    useTypeImports: true,
    documentMode: 'string',
    dedupeFragments: true,
  },
})

mkdirSync(join(client, 'generated'), { recursive: true })
// A page carries only the documents that it sends: what makes them has no effect but the value.
const pure = (call) => call.replace('new ', '/*#__PURE__*/ new ')
writeFileSync(output, text.replace(/(new TypedDocumentString\(`)([^`]*)/g, (_, call, document) => pure(call) + compact(document)))

// The pages carry the documents as they are sent: without the room that is for people.
function compact(document) {
  return document.replace(/\s+/g, ' ').replace(/ ?([{}():,]) ?/g, '$1').trim()
}
