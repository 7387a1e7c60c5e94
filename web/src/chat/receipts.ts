import type { Heard } from './chat'

/** Reports a mark for all messages up to one. A rejection is tried again with the next one. */
export type Mark = (kind: 'delivered' | 'read', messageId: string) => Promise<unknown>

/**
 * Tells the website's people which of their messages came here: delivered when the page has them, read when the page can be seen. One
 * report is under way at a time, and it is for everything that came until then.
 */
export class Receipts {
  readonly #mark: Mark
  readonly #visible: () => boolean
  readonly #reported = { delivered: 0, read: 0 }
  #messages: readonly Heard[] = []
  #busy = false

  constructor(mark: Mark, visible: () => boolean) {
    this.#mark = mark
    this.#visible = visible
  }

  /** Takes in what the page shows now. */
  heard(messages: readonly Heard[]): void {
    this.#messages = messages
    void this.report()
  }

  /** Reports what is new; call it when the page comes into sight. */
  async report(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        await this.#mark(next.kind, next.id)
        this.#reported.delivered = Math.max(this.#reported.delivered, next.sequence)
        if (next.kind === 'read') this.#reported.read = next.sequence
      }
    } catch {
      // The next message, or the next look at the page, tries again.
    } finally {
      this.#busy = false
    }
  }

  #next(): { kind: 'delivered' | 'read'; id: string; sequence: number } | null {
    const last = this.#messages.findLast(({ sequence, author }) => sequence > 0 && author.__typename !== 'Contact')
    if (!last) return null
    const kind = this.#visible() ? 'read' : 'delivered'
    return last.sequence > this.#reported[kind] ? { kind, id: last.id, sequence: last.sequence } : null
  }
}
