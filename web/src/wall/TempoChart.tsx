import { countedSince, MINUTES, type Tempo, totals } from './tempo'

const LOWEST = 5 // changes a minute to which the scale reaches at least
const [WIDTH, HEIGHT, GAP] = [600, 100, 2]
const STEP = WIDTH / MINUTES

/** Ownership changes a minute over the last hour. */
export function TempoChart({ tempo }: { tempo: Tempo }) {
  const { all, most } = totals(tempo)
  const since = countedSince(tempo)
  const top = Math.max(LOWEST, most)
  const said = `${all} ownership ${all === 1 ? 'change' : 'changes'} ${since === null ? 'in the last hour' : `since ${clock(since)}`}, at most ${most} a minute`
  return (
    <figure className="wall-tempo">
      <figcaption>
        <h2>Ownership changes a minute</h2>
        <p>
          {all} {since === null ? 'in the last hour' : `since ${clock(since)}, when this wall began to count`}
        </p>
      </figcaption>
      <div className="wall-chart">
        <p aria-hidden="true">{top}</p>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" shapeRendering="crispEdges" role="img" aria-label={said}>
          {tempo.counts.map((count, index) => (
            <Column key={tempo.minute - MINUTES + index} at={index * STEP} count={count} top={top} />
          ))}
        </svg>
      </div>
      <p className="wall-axis" aria-hidden="true">
        <span>an hour ago</span>
        <span>30 min</span>
        <span>now</span>
      </p>
    </figure>
  )
}

function Column({ at, count, top }: { at: number; count: number | null; top: number }) {
  if (count === null) return <rect className="unknown" x={at} width={STEP} height={HEIGHT} />
  const height = count === 0 ? 1.5 : Math.max(4, (count / top) * HEIGHT)
  return <rect className={count === 0 ? 'none' : 'some'} x={at + GAP / 2} width={STEP - GAP} y={HEIGHT - height} height={height} />
}

const clock = (at: number) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
