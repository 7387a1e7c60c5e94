const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The beginning of a text, at most so many letters as people count them, with … when there is more. */
export function cut(text: string, letters: number): string {
  if (text.length <= letters) return text
  let left = letters
  for (const { index } of graphemes.segment(text)) if (left-- === 0) return `${text.slice(0, index)}…`
  return text
}

/** The first letter as people see it; empty for an empty text. */
export function firstLetter(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment
  return ''
}

/** The length of a text as the server counts it: in code points. */
export function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

/** Why a text cannot be sent for its length; null when it can. Nothing is cut: the writer decides what goes. */
export function tooLong(text: string, limit: number): string | null {
  const over = text.length > limit ? lengthOf(text) - limit : 0
  return over > 0 ? `${number(over)} ${over === 1 ? 'character' : 'characters'} too many: at most ${number(limit)} can be sent at once` : null
}

const number = (figure: number) => figure.toLocaleString('en')

const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802\ud803\ud83a\ud83b]/

/** A name for a sentence. One with letters that run from right to left keeps its order to itself. */
export function isolated(name: string): string {
  return TURNS.test(name) ? `\u2068${name}\u2069` : name
}
