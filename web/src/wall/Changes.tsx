import { ago } from '../design/time'
import type { Told } from './changes'

/** What changed last, newest first, as far as there is room. */
export function Changes({ changes, now }: { changes: readonly Told[]; now: number }) {
  return (
    <section className="wall-changes" aria-label="Changes">
      <h2>As it happens</h2>
      {changes.length === 0 && <p className="quiet">Nothing has changed since this wall was opened.</p>}
      <ol>
        {changes.map(({ id, at, subject, what, loud }) => (
          <li key={id} data-loud={loud || undefined}>
            <time dateTime={at}>{ago(at, now)}</time>
            <p>
              <strong>{what}</strong>
              <span dir="auto">{subject}</span>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
