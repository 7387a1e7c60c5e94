import { Subject } from '../../client'

export interface Toast {
  id: string
  tone: 'plain' | 'good' | 'bad' | 'grab' | 'taken'
  text: string
  detail?: string
  action?: { label: string; run: () => void }
}

const MOST = 4

/** What is told in the corner of the screen. */
export class Toasts {
  readonly shown = new Subject<Toast[]>([])
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  #count = 0

  /** Shows one, in place of one with the same id, for some milliseconds or until it is dismissed. */
  show(toast: Omit<Toast, 'id'> & { id?: string }, lasting = 8000): void {
    const id = toast.id ?? `toast-${++this.#count}`
    this.dismiss(id)
    const all = [...this.shown.get(), { ...toast, id }]
    for (const old of all.slice(0, -MOST)) this.dismiss(old.id)
    this.shown.set(all.slice(-MOST))
    if (Number.isFinite(lasting)) this.#timers.set(id, setTimeout(() => this.dismiss(id), lasting))
  }

  readonly dismiss = (id: string): void => {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    if (this.shown.get().some((toast) => toast.id === id)) this.shown.set(this.shown.get().filter((toast) => toast.id !== id))
  }
}
