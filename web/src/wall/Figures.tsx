import type { Loads } from './loads'
import { duration, figure } from './words'

/** What matters most, in the largest letters. */
export function Figures({ loads: { members, waiting, longestSince }, now }: { loads: Loads; now: number }) {
  const open = members.reduce((sum, member) => sum + member.open, 0)
  const online = members.filter(({ availability }) => availability === 'ONLINE').length
  return (
    <dl className="wall-figures">
      <Figure label="Waiting" value={figure(waiting)} loud={waiting > 0} />
      <Figure label="Longest wait" value={longestSince === null ? 'none' : duration(now - longestSince)} loud={longestSince !== null} />
      <Figure label="Open with people" value={String(open)} />
      <Figure label="Online" value={`${online} of ${members.length}`} />
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
