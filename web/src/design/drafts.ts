import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { BoundedStore, storageOf } from './bounded'

/** A text that somebody typed and has not sent. */
export interface Draft {
  text: string
  /** Typed as a note for colleagues. */
  internal?: boolean
  /** What sending could mean when the first letter was typed. */
  meant?: string[]
  /** The key that this very text was sent with, when nobody knows whether it arrived. */
  tried?: { way: string; text: string; key: string; reasonCodeId?: string | null }
  at: number
}

/** For each person, 100 texts and 400,000 code units. Five people have 2 million, not half of what browsers give a site. */
const BOUNDS = { count: 100, size: 400_000 }
const PREFIX = 'switchboard:draft:'

/** The unsent texts of one person. Others who use the same browser have their own. */
export class Drafts {
  readonly #store: BoundedStore<Draft>
  readonly #person: string
  readonly #held = new Map<string, number>()
  readonly #typed = new Set<string>()

  /** person is who typed, such as a workspace's and a member's id. */
  constructor(person: string, store: BoundedStore<Draft>) {
    this.#person = `${encodeURIComponent(person)}/`
    this.#store = store
  }

  /** The draft of a place, such as a conversation's id; undefined when nothing was typed there. */
  get(place: string): Draft | undefined {
    return this.#store.get(this.#person + place)
  }

  /** Keeps a draft. One without text is forgotten, unless it is a note that was begun. */
  set(place: string, draft: Omit<Draft, 'at'> | null): void {
    if (draft?.text) this.#typed.add(place)
    this.#store.set(this.#person + place, draft && (draft.text || draft.internal) ? { ...draft, at: Date.now() } : null)
  }

  /** The places with a text, those that were typed last first. */
  places(): string[] {
    const keys = this.#store.keys(this.#person)
    return keys.map((key) => key.slice(this.#person.length)).filter((place) => this.get(place)?.text)
  }

  /** Whether this window shows or has taken a text that was not sent. */
  unsent(): boolean {
    return [...this.#held.keys(), ...this.#typed].some((place) => this.get(place)?.text.trim())
  }

  /** Says that a place's text is on the screen. Returns how to say that it no longer is. */
  hold(place: string): () => void {
    this.#held.set(place, (this.#held.get(place) ?? 0) + 1)
    return () => {
      const left = (this.#held.get(place) ?? 1) - 1
      if (left > 0) this.#held.set(place, left)
      else this.#held.delete(place)
    }
  }

  get subscribe() {
    return this.#store.subscribe
  }

  /** Takes in what another window changed, by the key of a storage event. */
  get heard() {
    return this.#store.heard
  }
}

const stores = new Map<string, BoundedStore<Draft>>() // one for each storage, so that drafts outlive a sign-in where it is blocked

/** The drafts of a person in this browser; for a visitor, whose computer may be shared, in this window. */
export function draftsOf(person: string, where: 'localStorage' | 'sessionStorage'): Drafts {
  const store = stores.get(where) ?? new BoundedStore<Draft>(PREFIX, BOUNDS, storageOf(where))
  stores.set(where, store)
  return new Drafts(person, store)
}

export const DraftsContext = createContext<Drafts | null>(null)

export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext)
  if (!drafts) throw new Error('useDrafts needs a DraftsContext around it')
  return drafts
}

const NOTHING: Draft = { text: '', at: 0 }

/** The draft of a place, and how to change it. */
export function useDraft(place: string): [Draft, (draft: Omit<Draft, 'at'> | null) => void] {
  const drafts = useDrafts()
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(place)) ?? NOTHING
  useEffect(() => drafts.hold(place), [drafts, place])
  return [draft, useMemo(() => (next: Omit<Draft, 'at'> | null) => drafts.set(place, next), [drafts, place])]
}

/** Whether a place has an unsent text. */
export function useDrafted(place: string): boolean {
  const drafts = useDrafts()
  return useSyncExternalStore(drafts.subscribe, () => Boolean(drafts.get(place)?.text))
}

/** Asks before the window is closed with a text in it that was not sent, and then alone. */
export function useUnloadWarning(unsent: () => boolean, subscribe: (listener: () => void) => () => void): void {
  const warn = useSyncExternalStore(subscribe, unsent)
  useEffect(() => {
    if (!warn) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [warn])
}
