import { GraphiQL } from 'graphiql'
import { useState } from 'react'
import type { Config } from './config'
import { exampleTabs } from './examples'
import { createFetcher } from './fetcher'
import { withSignIn } from './headers'
import { SignInPicker } from './SignInPicker'

const NO_TOKEN = '{\n  "Authorization": "Bearer "\n}'

/** GraphiQL on the server's own endpoint, with the examples in tabs. */
export function Playground({ config }: { config: Config }) {
  const { endpoint, signIns } = config
  const first = signIns[0]
  const defaultHeaders = first ? withSignIn('', first) : NO_TOKEN
  const [fetcher] = useState(() => createFetcher(endpoint, first && JSON.parse(defaultHeaders)))
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={exampleTabs}
      defaultHeaders={defaultHeaders}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo>{first ? <SignInPicker signIns={signIns} /> : 'Switchboard'}</GraphiQL.Logo>
    </GraphiQL>
  )
}
