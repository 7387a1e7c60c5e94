import { newKey } from '../../client/index'
import { BoundedStore, storageOf } from './bounded'

/** Something that was sent and not answered yet. */
export interface Outgoing<Payload> {
  /** The idempotency key: one for one text until it is answered. */
  key: string
  conversation: string
  text: string
  payload: Payload
  /** sending: on its way. waiting: the server could not be reached, and is tried again. failed: somebody has to look. */
  state: 'sending' | 'waiting' | 'failed'
  /** Why it waits or failed. */
  why?: string
  /** The window that sends it. */
  window: string
  at: number
}

/** How a try went. lost: nobody knows whether it arrived. refused: it did not. */
export type Answer<Result> = { type: 'done'; result: Result } | { type: 'lost'; why: string } | { type: 'refused'; why: string; result?: Result }

interface Options<Payload, Result> {
  /** Whose messages these are. */
  person: string
  store: BoundedStore<Outgoing<Payload>>
  /** This window, across reloads. */
  window: string
  deliver: (item: Outgoing<Payload>) => Promise<Answer<Result>>
  settled: (item: Outgoing<Payload>, answer: Exclude<Answer<Result>, { type: 'lost' }>) => void
  wait: (attempt: number) => Promise<void>
  now?: () => number
}

const TRIES = 12 // with growing pauses: about a minute and a half
const FRESH = 2 * 60_000 // milliseconds; what is older is sent by hand alone
const PREFIX = 'switchboard:outgoing:'
const BOUNDS = { count: 50, size: 400_000 }

/**
 * Sends texts, one after the other in each conversation, each with one key for all its tries, over reloads too. What could
 * not be answered stays here with its key until the person sends it again, edits it or discards it.
 */
export class Outbox<Payload, Result> {
  readonly #options: Options<Payload, Result>
  readonly #person: string
  readonly #running = new Set<string>()
  readonly #listeners = new Set<() => void>()
  #byConversation = new Map<string, readonly Outgoing<Payload>[]>()
  #closed = false

  constructor(options: Options<Payload, Result>) {
    this.#options = options
    this.#person = `${encodeURIComponent(options.person)}/`
    this.#group()
  }

  /** Goes on with what this window sent before a reload. Returns how to stop. */
  start(): () => void {
    this.#closed = false
    const now = this.#now()
    for (const item of this.#all()) {
      if (item.state === 'failed') continue
      if (item.window === this.#options.window && now - item.at < FRESH) void this.#run(item.conversation)
      else if (now - item.at >= FRESH) this.#put({ ...item, state: 'failed', why: 'Nobody knows whether it arrived. Sending it again makes no second message.' })
    }
    const unsubscribe = this.#options.store.subscribe(() => this.#group())
    return () => {
      this.#closed = true
      unsubscribe()
    }
  }

  /** Sends a text. key is of an earlier try of the same text. */
  send(conversation: string, text: string, payload: Payload, key = newKey()): void {
    this.#put({ key, conversation, text, payload, state: 'sending', window: this.#options.window, at: this.#now() })
    void this.#run(conversation)
  }

  /** Sends what failed again, with its key. */
  again(item: Outgoing<Payload>): void {
    this.#put({ ...item, state: 'sending', window: this.#options.window, at: this.#now() })
    void this.#run(item.conversation)
  }

  /** Forgets one. */
  drop(item: Outgoing<Payload>): void {
    this.#options.store.set(this.#person + item.key, null)
  }

  /** What was sent in a conversation and is not answered, oldest first. The same list until it changes. */
  of(conversation: string): readonly Outgoing<Payload>[] {
    return this.#byConversation.get(conversation) ?? NONE
  }

  /** The conversations in which something is not answered. The same list until it changes. */
  conversations(): readonly string[] {
    return [...this.#byConversation.keys()]
  }

  /** Whether anything is not answered. */
  unsent(): boolean {
    return this.#byConversation.size > 0
  }

  /** Takes in what another window changed, by the key of a storage event. */
  get heard() {
    return this.#options.store.heard
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async #run(conversation: string) {
    if (this.#running.has(conversation)) return
    this.#running.add(conversation)
    try {
      for (let item = this.#next(conversation); item && !this.#closed; item = this.#next(conversation)) await this.#deliver(item)
    } finally {
      this.#running.delete(conversation)
    }
  }

  #next(conversation: string) {
    return this.of(conversation).find(({ state, window }) => state !== 'failed' && window === this.#options.window)
  }

  async #deliver(item: Outgoing<Payload>) {
    let why = ''
    for (let attempt = 0; attempt < TRIES && !this.#closed && this.#has(item); attempt++) {
      const answer = await this.#options.deliver(item)
      if (answer.type === 'done') {
        this.drop(item)
        return this.#options.settled(item, answer)
      }
      if (answer.type === 'refused') {
        if (this.#has(item)) this.#put({ ...item, state: 'failed', why: answer.why })
        return this.#options.settled(item, answer)
      }
      why = answer.why
      if (this.#closed || !this.#has(item)) return
      this.#put({ ...item, state: 'waiting', why })
      await this.#options.wait(attempt)
    }
    if (!this.#closed && this.#has(item)) this.#put({ ...item, state: 'failed', why: `${why} Sending it again makes no second message.` })
  }

  #has({ key }: Outgoing<Payload>) {
    return this.#options.store.get(this.#person + key) !== undefined
  }

  #put(item: Outgoing<Payload>) {
    this.#options.store.set(this.#person + item.key, item)
    this.#group()
  }

  #all() {
    const { store } = this.#options
    const items = store.keys(this.#person).map((key) => store.get(key)!)
    return items.sort((a, b) => a.at - b.at)
  }

  #group() {
    const groups = new Map<string, Outgoing<Payload>[]>()
    for (const item of this.#all()) groups.set(item.conversation, [...(groups.get(item.conversation) ?? []), item])
    this.#byConversation = groups
    for (const listener of [...this.#listeners]) listener()
  }

  #now() {
    return (this.#options.now ?? Date.now)()
  }
}

const NONE: readonly never[] = []

const stores = new Map<string, BoundedStore<Outgoing<never>>>()

/** Where outgoing messages are kept: one store for each storage of a page. */
export function outgoingStore<Payload>(where: 'localStorage' | 'sessionStorage'): BoundedStore<Outgoing<Payload>> {
  const store = stores.get(where) ?? new BoundedStore<Outgoing<never>>(PREFIX, BOUNDS, storageOf(where))
  stores.set(where, store)
  return store as unknown as BoundedStore<Outgoing<Payload>>
}

const WINDOW = 'switchboard:window'

/** A name for this window that survives a reload. */
export function windowName(): string {
  const storage = storageOf('sessionStorage')
  try {
    const known = storage?.getItem(WINDOW)
    if (known) return known
    const name = newKey()
    storage?.setItem(WINDOW, name)
    return name
  } catch {
    return newKey()
  }
}
