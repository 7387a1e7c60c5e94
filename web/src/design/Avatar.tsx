import { firstLetter } from './text'
import './avatar.css'

export type Presence = 'ONLINE' | 'AWAY' | 'OFFLINE'

/** Somebody's initials on a colour of their own; an AI agent has a square one. */
export function Avatar({ name, size = 24, presence, robot = false }: { name: string; size?: number; presence?: Presence; robot?: boolean }) {
  return (
    <span className={robot ? 'avatar robot' : 'avatar'} data-hue={hueOf(name)} style={{ width: size, height: size, fontSize: size * 0.4 }} aria-hidden="true">
      {initials(name)}
      {presence && <span className="presence" data-presence={presence} />}
    </span>
  )
}

export function initials(name: string): string {
  const words = name.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim().split(/\s+/)
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words
  return picked.map((word) => firstLetter(word ?? '')).join('').toUpperCase()
}

function hueOf(name: string): number {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 997
  return sum % 8
}
