import { Subject } from '../../client/index'
import type { Declining } from './verbs'

export interface Toast {
  id: string
  tone: 'plain' | 'good' | 'bad' | 'grab' | 'taken' | 'offer'
  text: string
  detail?: string
  action?: { label: string; run: () => void }
  /** When what it offers is over, which is counted down. */
  until?: string
  /** Declines, with a reason. Resolves to whether that was done. */
  decline?: { conversationId: string; run: (why: Declining) => Promise<boolean> }
  /** It stays on the screen, whatever else comes, for as long as it lasts. */
  pinned?: boolean
}

const MOST = 100 // kept at once; the list of notices has all
const ROOM = 3 // on the screen at once

/** What is told in the corner of the screen. */
export class Toasts {
  readonly shown = new Subject<Toast[]>([])
  readonly #left = new Map<string, number>() // milliseconds that are left to each
  readonly #timers = new Map<string, { timer: ReturnType<typeof setTimeout>; since: number }>()
  #count = 0
  #held = false

  /** Shows one, in place of one with the same id, for some milliseconds or until it is dismissed. */
  show(toast: Omit<Toast, 'id'> & { id?: string }, lasting = 8000): void {
    const id = toast.id ?? `toast-${++this.#count}`
    this.#forget(id)
    const all = [...this.shown.get().filter((other) => other.id !== id), { ...toast, id }]
    const surplus = all.filter(({ pinned }) => !pinned).slice(0, Math.max(0, all.length - MOST))
    for (const old of surplus) this.#forget(old.id)
    this.shown.set(all.filter((one) => !surplus.includes(one)))
    if (!Number.isFinite(lasting)) return
    this.#left.set(id, lasting)
    if (!this.#held) this.#run(id)
  }

  /** While one points at the corner, or is in it with the keyboard, nothing in it ends. */
  hold(held: boolean): void {
    if (held === this.#held) return
    this.#held = held
    for (const id of [...this.#left.keys()]) held ? this.#stop(id) : this.#run(id)
  }

  readonly dismiss = (id: string): void => {
    this.#forget(id)
    if (this.shown.get().some((toast) => toast.id === id)) this.shown.set(this.shown.get().filter((toast) => toast.id !== id))
  }

  #run(id: string) {
    this.#timers.set(id, { timer: setTimeout(() => this.dismiss(id), this.#left.get(id)), since: Date.now() })
  }

  #stop(id: string) {
    const running = this.#timers.get(id)
    if (!running) return
    clearTimeout(running.timer)
    this.#timers.delete(id)
    this.#left.set(id, Math.max(1000, this.#left.get(id)! - (Date.now() - running.since)))
  }

  #forget(id: string) {
    clearTimeout(this.#timers.get(id)?.timer)
    this.#timers.delete(id)
    this.#left.delete(id)
  }
}

/** The toasts that there is room for, in their order, and how many more there are: pinned ones first, then the newest. */
export function fitting(toasts: readonly Toast[]): { shown: Toast[]; more: number } {
  const rank = (toast: Toast, index: number) => (toast.pinned ? toasts.length : 0) + index
  const best = toasts.map((toast, index) => ({ toast, rank: rank(toast, index) })).sort((a, b) => b.rank - a.rank).slice(0, ROOM)
  const kept = new Set(best.map(({ toast }) => toast))
  return { shown: toasts.filter((toast) => kept.has(toast)), more: toasts.length - kept.size }
}
