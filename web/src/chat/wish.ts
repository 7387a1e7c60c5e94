import type { Draft, Drafts } from '../design/drafts'
import { draftsOf } from '../design/drafts'

/** Who asks for a chat, about what, and how it begins. */
export interface Wish {
  name: string
  subject: string
  message: string
}

const FORM = 'start'
const VISITOR = 'visitor'

/** What was typed into the form that starts a chat, in this window. */
export const wishes = (): Drafts => draftsOf(VISITOR, 'sessionStorage')

/** The form's fields are one draft: its text is the message. */
export function wishOf(drafts: Drafts, first: Wish): Wish {
  const draft = drafts.get(FORM)
  if (!draft) return first
  try {
    const { name, subject } = JSON.parse(draft.meant?.[0] ?? '{}') as Partial<Wish>
    return { name: name ?? first.name, subject: subject ?? first.subject, message: draft.text }
  } catch {
    return { ...first, message: draft.text }
  }
}

/** Keeps the form as it is; null when its chat was started. */
export function setWish(drafts: Drafts, wish: Wish | null, tried?: Draft['tried']): void {
  if (!wish) return drafts.set(FORM, null)
  const { name, subject, message } = wish
  // internal keeps a form whose message is still empty.
  drafts.set(FORM, { text: message, internal: true, meant: [JSON.stringify({ name, subject })], ...(tried && { tried }) })
}

/** The key of the last try of this form, while it is the same; undefined when it is another. */
export const triedWith = (drafts: Drafts, wish: string): string | undefined => {
  const tried = drafts.get(FORM)?.tried
  return tried?.text === wish ? tried.key : undefined
}

/** Puts texts of a chat that is left into the form of the next one, before what stands there, and forgets them there. */
export function keepWish(texts: readonly string[], from: Drafts, conversation: string): void {
  const kept = texts.filter((text) => text.trim())
  if (kept.length === 0) return
  const form = wishes()
  const draft = form.get(FORM)
  form.set(FORM, { ...draft, internal: true, text: [...kept, ...(draft?.text.trim() ? [draft.text] : [])].join('\n\n') })
  from.set(conversation, null)
}
