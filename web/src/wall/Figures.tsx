import type { Loads } from './loads'
import { duration, figure } from './words'

const LABELS = ['Waiting', 'Longest wait', 'Open with people', 'Online'] as const

/** What matters most, in the largest letters. */
export function Figures({ loads, now }: { loads: Loads | null; now: number }) {
  if (!loads) return <dl className="wall-figures">{LABELS.map((label) => <Figure key={label} label={label} value="–" />)}</dl>
  const { members, waiting, longestSince } = loads
  const open = members.reduce((sum, member) => sum + member.open, 0)
  const online = members.filter(({ availability }) => availability === 'ONLINE').length
  return (
    <dl className="wall-figures">
      <Figure label={LABELS[0]} value={figure(waiting)} loud={waiting > 0} />
      <Figure label={LABELS[1]} value={longestSince === null ? 'none' : duration(now - longestSince)} loud={longestSince !== null} />
      <Figure label={LABELS[2]} value={String(open)} />
      <Figure label={LABELS[3]} value={`${online} of ${members.length}`} />
    </dl>
  )
}

function Figure({ label, value, loud = false }: { label: string; value: string; loud?: boolean }) {
  return (
    <div className="wall-figure" data-loud={loud || undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}
