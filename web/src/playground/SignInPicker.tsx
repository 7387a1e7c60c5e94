import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect, useRef } from 'react'
import type { SignIn } from '../config'
import { windowKept } from '../design/storage'
import { signInOf, withSignIn } from './headers'

const REMEMBERED = 'switchboard:acting-as'

/** Whom this window acts as at the start: who was picked here before a reload, or else the first. */
export function startingSignIn(signIns: SignIn[]): SignIn | undefined {
  const label = windowKept.get(REMEMBERED)
  return signIns.find((signIn) => signIn.label === label) ?? signIns[0]
}

/** Chooses the demo person to act as: puts that token into the headers of every tab. */
export function SignInPicker({ signIns }: { signIns: SignIn[] }) {
  const { tabs, activeTabIndex, headerEditor, defaultHeaders = '' } = useGraphiQL(
    pick('tabs', 'activeTabIndex', 'headerEditor', 'defaultHeaders'),
  )
  const { moveTab } = useGraphiQLActions()
  const picked = useRef<SignIn | undefined>(undefined)

  function act(signIn: SignIn) {
    picked.current = signIn
    windowKept.set(REMEMBERED, signIn.label)
    // GraphiQL has no action that edits a tab in the background; re-ordering
    // with the same order does. The active tab must stay the same object.
    moveTab(
      tabs.map((tab, index) =>
        index === activeTabIndex ? tab : { ...tab, headers: withSignIn(tab.headers ?? defaultHeaders, signIn) },
      ),
    )
    headerEditor?.setValue(withSignIn(headerEditor.getValue(), signIn))
  }

  // A tab opened later starts with the default headers: keep it the same person.
  useEffect(() => {
    if (picked.current && headerEditor?.getValue() === defaultHeaders) {
      headerEditor.setValue(withSignIn(defaultHeaders, picked.current))
    }
  }, [tabs.length, headerEditor, defaultHeaders])

  const current = signInOf(tabs[activeTabIndex]?.headers ?? defaultHeaders, signIns)
  return (
    <label className="sign-in">
      Acting as{' '}
      <select
        value={current?.token ?? ''}
        disabled={!headerEditor}
        onChange={(event) => {
          const chosen = signIns.find((signIn) => signIn.token === event.target.value)
          if (chosen) act(chosen)
        }}
      >
        {!current && <option value="">the token under Headers</option>}
        {signIns.map((signIn) => (
          <option key={signIn.token} value={signIn.token}>
            {signIn.label}
          </option>
        ))}
      </select>
    </label>
  )
}
