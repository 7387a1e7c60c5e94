import { useState, useSyncExternalStore } from 'react'
import type { Run, Runs } from './runs'

/** How the last run went, and the log of a subscription's items. */
export function RunStatus({ runs }: { runs: Runs }) {
  const run = useSyncExternalStore(runs.state.subscribe, runs.state.get)
  const [open, setOpen] = useState(false)
  if (run.phase === 'idle') return null
  return (
    <section className="run" aria-label="The last run">
      <p role="status" data-phase={run.phase}>
        {says(run)}
      </p>
      {run.count > 0 && (
        <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>
            Log: {run.count} {run.count === 1 ? 'item' : 'items'}
            {run.count > run.items.length && `, the newest ${run.items.length} kept`}
          </summary>
          <button type="button" className="graphiql-button" onClick={() => runs.clear()}>
            Clear the log
          </button>
          <ol className="run-log" tabIndex={0} aria-label="Items, newest first">
            {open &&
              run.items.map(({ number, at, text }) => (
                <li key={number}>
                  <span>
                    #{number} · {new Date(at).toLocaleTimeString()}
                  </span>
                  <pre dir="ltr">{text}</pre>
                </li>
              ))}
          </ol>
        </details>
      )}
    </section>
  )
}

function says({ phase, status, took, bytes, count }: Run): string {
  const size = bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KB`
  switch (phase) {
    case 'running':
      return 'Running…'
    case 'listening':
      return count === 0 ? 'Listening: nothing came yet' : `Listening: ${count} came, ${size}`
    case 'failed':
      return status === null ? 'It did not work: the answer says why' : `It did not work: ${status}${took === null ? '' : `, ${took} ms`}`
    default:
      return took === null ? `Ended after ${count} items` : `${status} · ${took} ms · ${size}`
  }
}
