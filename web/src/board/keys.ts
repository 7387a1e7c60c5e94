/** What a key does. */
interface Key {
  /** As a browser names them; with Alt for what others see, so that a word typed beside a field does nothing to anybody. */
  keys: readonly string[]
  what: string
}

/** Moves what this window shows, and nothing that others see: these need no Alt. */
const MOVES = {
  next: { keys: ['ArrowDown', 'j'], what: 'Next conversation' },
  previous: { keys: ['ArrowUp', 'k'], what: 'Previous conversation' },
  back: { keys: ['Escape'], what: 'Back to the list' },
  search: { keys: ['/'], what: 'Search the list' },
  reply: { keys: ['r'], what: 'Write a reply' },
  note: { keys: ['n'], what: 'Write a note' },
  choose: { keys: ['x'], what: 'Choose the conversation for many at once' },
  chooseNext: { keys: ['X'], what: 'Choose all from the last chosen one to this' },
  help: { keys: ['?'], what: 'This page' },
} satisfies Record<string, Key>

/** Acts, or leads to where the next key acts. */
const ACTS = {
  claim: { keys: ['Alt+C'], what: 'Claim' },
  takeOver: { keys: ['Alt+O'], what: 'Take over' },
  assign: { keys: ['Alt+A'], what: 'Assign' },
  transfer: { keys: ['Alt+T'], what: 'Transfer' },
  leave: { keys: ['Alt+L'], what: 'Leave' },
  snooze: { keys: ['Alt+Z'], what: 'Snooze' },
  wake: { keys: ['Alt+Y'], what: 'Wake' },
  close: { keys: ['Alt+W'], what: 'Close' },
  reopen: { keys: ['Alt+R'], what: 'Reopen' },
  many: { keys: ['Alt+M'], what: 'Go to what is done to the chosen ones' },
  notice: { keys: ['Alt+G'], what: 'Go to the newest notice in the corner' },
  palette: { keys: ['Ctrl+K'], what: 'Find something to do by its name' },
} satisfies Record<string, Key>

/** Every key of the board, in one place: no key means two things. */
export const KEYS = { ...MOVES, ...ACTS }

export type Command = keyof typeof KEYS | `view${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`

/** Commands that others see, or that put the next key on something that others see. */
export const SEEN = new Set(Object.keys(ACTS) as (keyof typeof ACTS)[])

const byKey = new Map<string, Command>(Object.entries(KEYS).flatMap(([command, { keys }]) => keys.map((key) => [key, command as Command] as const)))

/** The command of a key; undefined when it does nothing. */
export function commandOf(key: string): Command | undefined {
  return byKey.get(key) ?? (/^[1-9]$/.test(key) ? (`view${key}` as Command) : undefined)
}

const NAMES: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' }

/** A key as it is printed: one part for each key that is held. */
export const printed = (key: string): string[] => key.split('+').map((part) => NAMES[part] ?? part)

/** The key of a command, as aria-keyshortcuts wants it. */
export const keyOf = (command: keyof typeof KEYS): string => KEYS[command].keys[0]!
