import { type Load, type Loads, noLoads } from './loads'
import { type Level, LEVELS, levelOf, type Setup } from './setup'
import { duration, figure } from './words'

/** One team: what waits for it, and who of it has how much. */
export function TeamPanel({ name, loads, now, room, setup }: { name: string; loads: Loads | undefined; now: number; room: number; setup: Setup }) {
  const { members, waiting, longestSince } = loads ?? noLoads
  const shown = members.length > room ? members.slice(0, room - 1) : members
  return (
    <article className="wall-team" aria-label={name}>
      <header>
        <h2>{name}</h2>
        {loads && <Queue waiting={waiting} longestSince={longestSince} now={now} setup={setup} />}
      </header>
      <ul>
        {shown.map((load) => (
          <Member key={load.id} load={load} />
        ))}
        {shown.length < members.length && <li className="quiet">and {members.length - shown.length} more</li>}
      </ul>
    </article>
  )
}

/** What waits, and how bad that is: by colour, by a sign and in words. */
export function Queue({ waiting, longestSince, now, setup }: { waiting: number; longestSince: number | null; now: number; setup: Setup }) {
  const level = levelOf(setup, waiting, longestSince, now)
  return (
    <p className="wall-queue" data-level={level} data-loud={waiting > 0 || undefined}>
      {waiting === 0 ? 'Nothing waits' : `${figure(waiting)} waiting`}
      {longestSince !== null && <span> · {duration(now - longestSince)}</span>} <LevelWord level={level} />
    </p>
  )
}

export function LevelWord({ level }: { level: Level }) {
  if (level === 'calm') return null
  return (
    <span className="wall-level" data-level={level}>
      {LEVELS[level]}
    </span>
  )
}

const PRESENCE = { ONLINE: 'online', AWAY: 'away', OFFLINE: 'offline' }

function Member({ load: { name, open, cap, availability } }: { load: Load }) {
  return (
    <li className="wall-member" data-presence={availability}>
      <span className="wall-name">
        <span className="wall-dot" aria-hidden="true" />
        {name}
        <span className={availability === 'ONLINE' ? 'sr-only' : 'wall-presence'}> {PRESENCE[availability]}</span>
      </span>
      <span className="wall-load">
        {open}
        <span className="quiet"> of {cap}</span>
      </span>
      <svg className="wall-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width="100" height="10" />
        <rect className={open >= cap ? 'full' : 'filled'} width={cap > 0 ? Math.min(100, (open / cap) * 100) : 100} height="10" />
      </svg>
    </li>
  )
}
