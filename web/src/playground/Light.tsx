import { type ComponentType, type KeyboardEvent, useEffect, useState } from 'react'
import { Fault } from '../../client/faults'
import type { Config } from '../config'
import { account } from '../signin/account'
import { actingOf } from './acting'
import { exampleTabs } from './examples'
import { type Shared, sharedIn } from './share'
import { called, keepSignIn, startingSignIn } from './starting'

type Full = ComponentType<{ config: Config; first?: string | undefined }>

/**
 * A playground that is there at once: a text, Run, and the answer. The editor, which is twenty times as big, comes
 * after it and takes its place, but never while something was typed: then it waits to be asked.
 */
export function Light({ config }: { config: Config }) {
  const { endpoint, signIns } = config
  const [full, setFull] = useState<{ Full: Full } | null>(null)
  const [failed, setFailed] = useState(false)
  const [signIn, setSignIn] = useState(() => startingSignIn(signIns))
  const [shared] = useState(() => sharedIn(window.location.hash))
  const [text, setText] = useState(shared?.query ?? exampleTabs[0]?.query ?? '')
  const [touched, setTouched] = useState(false)
  const [asked, setAsked] = useState(false)
  const [answer, setAnswer] = useState<string | null>(null)

  useEffect(() => {
    let over = false
    // What can be used now is drawn first.
    const timer = setTimeout(() => {
      import('./full').then(
        ({ Playground }) => over || setFull({ Full: Playground }),
        () => over || setFailed(true),
      )
    }, 50)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [])

  async function run() {
    setTouched(true)
    setAnswer('…')
    try {
      const acting = await actingOf(config).complete(signIn ? { Authorization: `Bearer ${signIn.token}` } : {})
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { ...(acting as Record<string, string>), 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: text, variables: variablesOf(text, shared) }),
      })
      setAnswer(JSON.stringify(await response.json(), null, 2))
    } catch (error) {
      setAnswer(error instanceof SyntaxError ? 'The server did not answer with JSON.' : error instanceof Fault ? error.message : 'The server could not be reached.')
    }
  }
  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run()
  }
  function act(label: string) {
    const picked = signIns.find((one) => one.label === label)
    keepSignIn(picked)
    setSignIn(picked)
  }

  if (full && (asked || !touched)) return <full.Full config={config} first={touched ? text : undefined} />
  return (
    <main className="playground-light">
      <header>
        <h1>Switchboard playground</h1>
        {signIns.length > 0 && (
          <label>
            Acting as{' '}
            <select value={signIn?.label ?? ''} onChange={(event) => act(event.target.value)}>
              {!signIn && <option value="">{account()?.name ?? 'nobody'}</option>}
              {signIns.map((one) => (
                <option key={one.label} value={one.label}>
                  {called(one)}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="button" onClick={() => void run()}>
          Run
        </button>
        {touched && full && (
          <button type="button" onClick={() => setAsked(true)}>
            Go on in the editor
          </button>
        )}
        <span role="status">{failed ? 'The editor could not be fetched; this works without it.' : full ? '' : 'The editor is on its way…'}</span>
      </header>
      <textarea aria-label="Query" spellCheck={false} value={text} onChange={(event) => (setTouched(true), setText(event.target.value))} onKeyDown={press} />
      <pre aria-label="Answer" tabIndex={0} aria-live="polite">
        {answer ?? 'The answer comes here. Ctrl Enter runs what is on the left.'}
      </pre>
    </main>
  )
}

/** The variables of the example or the link that a text still is; none for others. */
function variablesOf(text: string, shared: Shared | null): unknown {
  const variables = [shared, ...exampleTabs].find((known) => known?.query === text)?.variables
  return variables ? JSON.parse(variables) : undefined
}
