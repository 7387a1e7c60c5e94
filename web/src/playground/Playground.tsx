import { GraphiQL } from 'graphiql'
import { useState } from 'react'
import type { Config, SignIn } from '../config'
import { PageLinks } from '../design/PageLinks'
import { account } from '../signin/account'
import { actingOf } from './acting'
import { exampleTabs } from './examples'
import { createFetcher } from './fetcher'
import { withSignIn } from './headers'
import { Runs } from './runs'
import { RunStatus } from './RunStatus'
import { sharedIn } from './share'
import { SignInPicker } from './SignInPicker'
import { startingSignIn } from './starting'
import { Tools } from './Tools'

// GraphiQL's history keeps the headers of each request in local storage, tokens included.
const NO_HISTORY: never[] = []

const NO_TOKEN = '{\n  "Authorization": "Bearer "\n}'

/** GraphiQL on the server's own endpoint, with the examples in tabs; first is a text to begin with. */
export function Playground({ config, first }: { config: Config; first?: string | undefined }) {
  const [{ defaultHeaders, fetcher, runs, acting, shared }] = useState(() => start(config, startingSignIn(config.signIns)))
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={first === undefined ? exampleTabs : [{ query: first }, ...exampleTabs]}
      defaultHeaders={defaultHeaders}
      defaultEditorToolsVisibility="variables"
      plugins={NO_HISTORY}
      shouldPersistHeaders={false}
      {...(shared && { initialQuery: shared.query, initialVariables: shared.variables })}
      {...(first !== undefined && { initialQuery: first })}
    >
      <GraphiQL.Logo>
        <SignInPicker config={config} />
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <Tools endpoint={config.endpoint} acting={acting} />
        <RunStatus runs={runs} />
        <PageLinks />
      </GraphiQL.Footer>
    </GraphiQL>
  )
}

function start(config: Config, signIn?: SignIn) {
  const defaultHeaders = signIn ? withSignIn('', signIn) : account() ? '{}' : NO_TOKEN
  const [runs, acting] = [new Runs(), actingOf(config)]
  const fetcher = createFetcher(config.endpoint, acting, runs, signIn && JSON.parse(defaultHeaders))
  return { defaultHeaders, fetcher, runs, acting, shared: sharedIn(window.location.hash) }
}
