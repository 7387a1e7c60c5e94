import type { Connection } from './connection.js'
import { type AttentionKind, ShowAttentionDocument } from './generated/graphql.js'

export interface AttendingOptions {
  /** A name of this window, if its user may have several. */
  window?: string
  /** A contact shows that it types, and nothing else. */
  typingOnly?: boolean
}

const STILL = 3000 // milliseconds without a key until one does not type any more
const AGAIN = { TYPING: 2000, VIEWING: 5000, DRAFTING: 5000 } as const // before the server forgets it

/**
 * Shows others what one does at a conversation: that one looks at it, has begun a message, or types. It sends a statement when that
 * changes, and one every few seconds while it lasts: never one for each key. What could not be sent is sent with the next.
 */
export class Attending {
  readonly #connection: Pick<Connection, 'execute'>
  readonly #conversation: string
  readonly #options: AttendingOptions
  #drafted = false
  #internal = false
  #typedAt: number | null = null
  #open = true
  #said: { kind: AttentionKind | null; internal: boolean; at: number } | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(connection: Pick<Connection, 'execute'>, conversation: string, options: AttendingOptions = {}) {
    this.#connection = connection
    this.#conversation = conversation
    this.#options = options
    this.#look()
  }

  /** Call it with each key. internal says that a note is being written. */
  readonly typed = (internal = false): void => {
    this.#internal = internal
    this.#typedAt = Date.now()
    this.#drafted = true
    this.#look()
  }

  /** Says whether there is a text that is not sent; without one nothing is typed either. */
  readonly drafts = (drafted: boolean, internal = false): void => {
    this.#drafted = drafted
    this.#internal = internal
    if (!drafted) this.#typedAt = null
    this.#look()
  }

  /** Says whether one looks at all: a page in the background shows nothing. */
  readonly shows = (open: boolean): void => {
    this.#open = open
    this.#look()
  }

  /** Ends it, for good. */
  readonly close = (): void => {
    this.#open = false
    this.#look()
    clearTimeout(this.#timer)
  }

  get #kind(): AttentionKind | null {
    if (!this.#open) return null
    if (this.#typedAt !== null && Date.now() - this.#typedAt < STILL) return 'TYPING'
    if (this.#options.typingOnly) return null
    return this.#drafted ? 'DRAFTING' : 'VIEWING'
  }

  #look() {
    clearTimeout(this.#timer)
    const kind = this.#kind
    const internal = kind !== null && kind !== 'VIEWING' && this.#internal
    const now = Date.now()
    const same = this.#said ? this.#said.kind === kind && this.#said.internal === internal : kind === null
    if (!same || (kind && now - this.#said!.at >= AGAIN[kind])) {
      this.#said = { kind, internal, at: now }
      this.#say(kind, internal)
    }
    if (!kind) return
    const again = this.#said!.at + AGAIN[kind] - now
    const still = kind === 'TYPING' ? this.#typedAt! + STILL - now : again
    this.#timer = setTimeout(() => this.#look(), Math.max(10, Math.min(again, still)))
  }

  #say(kind: AttentionKind | null, internal: boolean) {
    const { window } = this.#options
    const input = { conversationId: this.#conversation, kind, internal, ...(window && { window }) }
    this.#connection.execute(ShowAttentionDocument, { input }).catch(() => {})
  }
}
