import type { Loads } from './loads'
import { type Level, levelOf, type Setup } from './setup'
import { LevelWord } from './TeamPanel'
import { duration, figure } from './words'

const LABELS = ['Waiting', 'Longest wait', 'Open with people', 'Online'] as const

/** What matters most, in the largest letters. */
export function Figures({ loads, now, setup }: { loads: Loads | null; now: number; setup: Setup }) {
  if (!loads) return <dl className="wall-figures">{LABELS.map((label) => <Figure key={label} label={label} value="–" />)}</dl>
  const { members, waiting, longestSince } = loads
  const open = members.reduce((sum, member) => sum + member.open, 0)
  const online = members.filter(({ availability }) => availability === 'ONLINE').length
  return (
    <dl className="wall-figures">
      <Figure label={LABELS[0]} value={figure(waiting)} loud={waiting > 0} level={waiting >= setup.many ? 'soon' : 'calm'} />
      <Figure label={LABELS[1]} value={longestSince === null ? 'none' : duration(now - longestSince)} loud={longestSince !== null} level={levelOf(setup, 0, longestSince, now)} />
      <Figure label={LABELS[2]} value={String(open)} />
      <Figure label={LABELS[3]} value={`${online} of ${members.length}`} />
    </dl>
  )
}

function Figure({ label, value, loud = false, level = 'calm' }: { label: string; value: string; loud?: boolean; level?: Level }) {
  return (
    <div className="wall-figure" data-loud={loud || undefined} data-level={level}>
      <dt>
        {label}
        <LevelWord level={level} />
      </dt>
      <dd>{value}</dd>
    </div>
  )
}
