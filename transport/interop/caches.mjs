// Writes answers of the server into the normalised caches that people use, one
// after the other, and prints what each cache then says of one object: read from
// stdin {"schema", "list", "id", "field", "answers": [{"query", "data"}]}, where list
// is the query that the rows are read by. The output has one array of rows a cache.
import { readFileSync } from 'node:fs'
import { InMemoryCache } from '@apollo/client'
import { Client } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { buildSchema, getNamedType, getNullableType, isLeafType, isListType, parse } from 'graphql'
import relay from 'relay-runtime'
import { pipe, map as through } from 'wonka'

const { createOperationDescriptor, Environment, Network, RecordSource, Store } = relay
const input = JSON.parse(readFileSync(0, 'utf8'))
const schema = buildSchema(input.schema)
const rows = (data) => data?.[input.field]?.nodes?.find((node) => node.id === input.id) ?? null

function apollo() {
  const cache = new InMemoryCache()
  return input.answers.map(({ query, data }) => {
    const document = parse(query)
    const { operation } = document.definitions[0]
    cache.write({ query: document, result: data, dataId: operation === 'subscription' ? 'ROOT_SUBSCRIPTION' : 'ROOT_QUERY' })
    return rows(cache.readQuery({ query: parse(input.list) }))
  })
}

function graphcache() {
  let answer
  const canned = () => (operations) =>
    pipe(
      operations,
      through((operation) => ({ operation, data: answer, stale: false, hasNext: operation.kind === 'subscription' })),
    )
  const client = new Client({ url: 'http://unused.test', exchanges: [cacheExchange({ keys: { ConversationSnapshot: () => null } }), canned], requestPolicy: 'network-only' })
  return input.answers.map(({ query, data }) => {
    answer = structuredClone(data)
    const { operation } = parse(query).definitions[0]
    const source = operation === 'subscription' ? client.subscription(query, {}) : client.query(query, {})
    source.subscribe(() => {}).unsubscribe()
    return rows(client.readQuery(input.list, {})?.data)
  })
}

// Relay normalises by what its compiler made of a query. This makes the same of
// queries without fragments and variables.
function compiled(text) {
  const [definition] = parse(text).definitions
  const type = { query: schema.getQueryType(), subscription: schema.getSubscriptionType() }[definition.operation]
  const selections = (set, parent) =>
    set.selections.map((field) => {
      const name = field.name.value
      const args = field.arguments.length
        ? field.arguments.map((one) => ({ kind: 'Literal', name: one.name.value, value: one.value.value }))
        : null
      const common = { alias: field.alias?.value ?? null, name, args, storageKey: null }
      const of = name === '__typename' ? null : parent.getFields()[name].type
      if (!of || isLeafType(getNamedType(of))) return { kind: 'ScalarField', ...common }
      const plural = isListType(getNullableType(of))
      return { kind: 'LinkedField', ...common, concreteType: null, plural, selections: selections(field.selectionSet, getNamedType(of)) }
    })
  const made = selections(definition.selectionSet, type)
  return {
    kind: 'Request',
    fragment: { kind: 'Fragment', name: 'Q', type: type.name, metadata: null, abstractKey: null, argumentDefinitions: [], selections: made },
    operation: { kind: 'Operation', name: 'Q', argumentDefinitions: [], selections: made },
    params: { id: null, cacheID: text, name: 'Q', operationKind: definition.operation, metadata: {}, text },
  }
}

function relayStore() {
  const environment = new Environment({ network: Network.create(() => {}), store: new Store(new RecordSource()) })
  const list = createOperationDescriptor(compiled(input.list), {})
  environment.retain(list)
  return input.answers.map(({ query, data }) => {
    environment.commitPayload(createOperationDescriptor(compiled(query), {}), data)
    return rows(environment.lookup(list.fragment).data)
  })
}

console.log(JSON.stringify({ apollo: apollo(), graphcache: graphcache(), relay: relayStore() }))
