import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Config, SignIn } from '../config'
import { account, onAccount } from '../signin/account'
import { AtProvider } from '../signin/AtProvider'
import { signOut } from '../signin/signOut'
import { authorized, headersIn, signInOf, withoutSignIn, withSignIn } from './headers'
import { called, keepSignIn } from './starting'

const MYSELF = 'account'

/** Chooses whom to act as: puts a demo person's token into the headers of every tab, or takes it out for the account of all windows. */
export function SignInPicker({ config }: { config: Config }) {
  const { signIns } = config
  const [myself, setMyself] = useState(account)
  useEffect(() => onAccount(() => setMyself(account())), [])
  const { tabs, activeTabIndex, queryEditor, variableEditor, headerEditor, defaultHeaders = '' } = useGraphiQL(
    pick('tabs', 'activeTabIndex', 'queryEditor', 'variableEditor', 'headerEditor', 'defaultHeaders'),
  )
  // The editors come after the tabs: a tab that is chosen before them would never reach them.
  const ready = Boolean(queryEditor && variableEditor && headerEditor)
  useLayoutEffect(() => void document.querySelector('.graphiql-container')?.toggleAttribute('inert', !ready), [ready])
  const { moveTab } = useGraphiQLActions()
  const picked = useRef<SignIn | undefined>(undefined)

  function act(signIn: SignIn | undefined) {
    picked.current = signIn
    keepSignIn(signIn)
    const as = (text: string) => (signIn ? withSignIn(text, signIn) : withoutSignIn(text))
    // GraphiQL has no action that edits a tab in the background; re-ordering
    // with the same order does. The active tab must stay the same object.
    moveTab(
      tabs.map((tab, index) =>
        index === activeTabIndex ? tab : { ...tab, headers: as(tab.headers ?? defaultHeaders) },
      ),
    )
    headerEditor?.setValue(as(headerEditor.getValue()))
  }

  // A tab opened later starts with the default headers: keep it the same person.
  useEffect(() => {
    if (picked.current && headerEditor?.getValue() === defaultHeaders) {
      headerEditor.setValue(withSignIn(defaultHeaders, picked.current))
    }
  }, [tabs.length, headerEditor, defaultHeaders])

  const text = tabs[activeTabIndex]?.headers ?? defaultHeaders
  const current = signInOf(text, signIns)
  const asMyself = myself !== null && !authorized(headersIn(text))
  if (!myself && signIns.length === 0) return config.oidc ? <AtProvider config={config} short /> : 'Switchboard'
  return (
    <div className="sign-in">
      <label>
        Acting as{' '}
        <select
          value={current?.token ?? (asMyself ? MYSELF : '')}
          disabled={!headerEditor}
          onChange={(event) => act(signIns.find((signIn) => signIn.token === event.target.value))}
        >
          {!current && !asMyself && <option value="">the token under Headers</option>}
          {myself && <option value={MYSELF}>{myself.name} (signed in)</option>}
          {signIns.map((signIn) => (
            <option key={signIn.token} value={signIn.token}>
              {called(signIn)}
            </option>
          ))}
        </select>
      </label>
      {myself && (
        <button type="button" className="graphiql-button" onClick={() => void signOut(config)}>
          Sign out
        </button>
      )}
      {!myself && config.oidc && <AtProvider config={config} short />}
    </div>
  )
}
