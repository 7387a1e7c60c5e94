/** How a wall is set up: in its address, so that it can be handed on, and kept in the browser. */
export interface Setup {
  /** Ids of the teams to show, in their order; null for all. */
  teams: string[] | null
  /** Whether what waits without a team has a place of its own. */
  noTeam: boolean
  /** Minutes of waiting from which it is said, and from which it is too long. */
  soon: number
  late: number
  /** From how many that wait it is said. */
  many: number
}

export const PLAIN: Setup = { teams: null, noTeam: true, soon: 5, late: 15, many: 10 }

const KEPT = 'switchboard:wall-setup'

/** The setup in the address, or else the one that was kept here. */
export function setupOf(): Setup {
  const asked = new URLSearchParams(window.location.search)
  if ([...asked.keys()].some((name) => Object.hasOwn(PLAIN, name))) return readSetup(asked)
  try {
    return readSetup(new URLSearchParams(localStorage.getItem(KEPT) ?? ''))
  } catch {
    return PLAIN
  }
}

/** Keeps a setup, and puts it into the address. */
export function storeSetup(setup: Setup): void {
  const text = writeSetup(setup).toString()
  window.history.replaceState(null, '', window.location.pathname + (text && `?${text}`) + window.location.hash)
  try {
    localStorage.setItem(KEPT, text)
  } catch {
    // the address has it
  }
}

/** A setup as parameters: what is as usual is left out. */
export function writeSetup(setup: Setup): URLSearchParams {
  const out = new URLSearchParams()
  if (setup.teams) out.set('teams', setup.teams.join(','))
  if (setup.noTeam !== PLAIN.noTeam) out.set('noTeam', 'no')
  for (const name of ['soon', 'late', 'many'] as const) if (setup[name] !== PLAIN[name]) out.set(name, String(setup[name]))
  return out
}

/** A setup that was typed: too long begins when waiting is long, or later. */
export const settled = (setup: Setup): Setup => ({ ...setup, late: Math.max(setup.soon, setup.late) })

/** Parameters as a setup. What cannot be read is as usual. */
export function readSetup(asked: URLSearchParams): Setup {
  const figure = (name: 'soon' | 'late' | 'many') => {
    const value = Number(asked.get(name))
    return Number.isFinite(value) && value >= 1 ? Math.min(Math.round(value), 10_000) : PLAIN[name]
  }
  const teams = asked.get('teams')?.split(',').filter(Boolean).slice(0, 100) ?? null
  const soon = figure('soon')
  return { teams, noTeam: asked.get('noTeam') !== 'no', soon, late: Math.max(soon, figure('late')), many: figure('many') }
}

/** The teams that were chosen, in their order; all of them when none of the chosen is there any more. */
export function chosen<Team extends { id: string }>(all: readonly Team[], ids: readonly string[] | null): Team[] {
  const found = (ids ?? []).flatMap((id) => all.filter((team) => team.id === id))
  return ids === null || (ids.length > 0 && found.length === 0) ? [...all] : found
}

/** How bad it is that something waits: nothing to say, waiting long, waiting too long. */
export type Level = 'calm' | 'soon' | 'late'

export function levelOf({ soon, late, many }: Setup, waiting: number, longestSince: number | null, now: number): Level {
  const minutes = longestSince === null ? 0 : (now - longestSince) / 60_000
  if (minutes >= late) return 'late'
  return minutes >= soon || waiting >= many ? 'soon' : 'calm'
}

/** The level in a word. */
export const LEVELS: Record<Level, string> = { calm: '', soon: 'Look after it', late: 'Too long' }
