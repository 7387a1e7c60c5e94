import type { GraphiQLProps } from 'graphiql'

type Tabs = NonNullable<GraphiQLProps['defaultTabs']>

const operations = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true })
const variables = import.meta.glob<string>('./examples/*.json', { query: '?raw', import: 'default', eager: true })

/** One tab for each file of examples/, in the order of their names. */
export const exampleTabs: Tabs = Object.keys(operations)
  .sort()
  .map((path) => ({
    query: operations[path] ?? '',
    variables: variables[path.replace(/\.graphql$/, '.json')] ?? '',
  }))
