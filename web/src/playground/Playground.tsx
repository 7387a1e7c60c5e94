import { GraphiQL } from 'graphiql'
import { useState } from 'react'
import type { Config, SignIn } from '../config'
import { exampleTabs } from './examples'
import { createFetcher } from './fetcher'
import { withSignIn } from './headers'
import { SignInPicker, startingSignIn } from './SignInPicker'

// GraphiQL's history keeps the headers of each request in local storage, tokens included.
const NO_HISTORY: never[] = []

const NO_TOKEN = '{\n  "Authorization": "Bearer "\n}'

/** GraphiQL on the server's own endpoint, with the examples in tabs; first is a text to begin with. */
export function Playground({ config, first }: { config: Config; first?: string | undefined }) {
  const { endpoint, signIns } = config
  const [{ defaultHeaders, fetcher }] = useState(() => start(endpoint, startingSignIn(signIns)))
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={first === undefined ? exampleTabs : [{ query: first }, ...exampleTabs]}
      {...(first !== undefined && { initialQuery: first })}
      defaultHeaders={defaultHeaders}
      defaultEditorToolsVisibility="variables"
      plugins={NO_HISTORY}
      shouldPersistHeaders={false}
    >
      <GraphiQL.Logo>{signIns.length > 0 ? <SignInPicker signIns={signIns} /> : 'Switchboard'}</GraphiQL.Logo>
    </GraphiQL>
  )
}

function start(endpoint: string, signIn?: SignIn) {
  const defaultHeaders = signIn ? withSignIn('', signIn) : NO_TOKEN
  return { defaultHeaders, fetcher: createFetcher(endpoint, signIn && JSON.parse(defaultHeaders)) }
}
