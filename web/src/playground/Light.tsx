import { type ComponentType, type KeyboardEvent, useEffect, useState } from 'react'
import type { Config, SignIn } from '../config'
import { windowKept } from '../design/storage'
import { exampleTabs } from './examples'

type Full = ComponentType<{ config: Config; first?: string | undefined }>

const REMEMBERED = 'switchboard:acting-as'

/**
 * A playground that is there at once: a text, Run, and the answer. The editor, which is twenty times as big, comes
 * after it and takes its place, but never while something was typed: then it waits to be asked.
 */
export function Light({ config }: { config: Config }) {
  const { endpoint, signIns } = config
  const [full, setFull] = useState<{ Full: Full } | null>(null)
  const [failed, setFailed] = useState(false)
  const [signIn, setSignIn] = useState<SignIn | undefined>(() => signIns.find(({ label }) => label === windowKept.get(REMEMBERED)) ?? signIns[0])
  const [text, setText] = useState(exampleTabs[0]?.query ?? '')
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
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...(signIn && { authorization: `Bearer ${signIn.token}` }) },
        body: JSON.stringify({ query: text, variables: variablesOf(text) }),
      })
      setAnswer(JSON.stringify(await response.json(), null, 2))
    } catch (error) {
      setAnswer(error instanceof SyntaxError ? 'The server did not answer with JSON.' : 'The server could not be reached.')
    }
  }
  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run()
  }
  function act(label: string) {
    windowKept.set(REMEMBERED, label)
    setSignIn(signIns.find((one) => one.label === label))
  }

  if (full && (asked || !touched)) return <full.Full config={config} first={touched ? text : undefined} />
  return (
    <main className="playground-light">
      <header>
        <h1>Switchboard playground</h1>
        {signIns.length > 0 && (
          <label>
            Acting as{' '}
            <select value={signIn?.label} onChange={(event) => act(event.target.value)}>
              {signIns.map(({ label }) => (
                <option key={label}>{label}</option>
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

/** The variables of the example that a text still is; none for others. */
function variablesOf(text: string): unknown {
  const variables = exampleTabs.find(({ query }) => query === text)?.variables
  return variables ? JSON.parse(variables) : undefined
}
