/** What is kept under a key. */
interface Dated {
  /** When it was last changed, in milliseconds since 1970. */
  at: number
}

export interface Bounds {
  /** Entries that are kept at most. */
  count: number
  /** UTF-16 code units of JSON that are kept at most, over all entries. */
  size: number
}

type WebStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/**
 * Entries that survive a reload, under keys that begin with a prefix. When there are too many, the oldest go. Where storage
 * is blocked or full, entries live as long as the page. Entries that another window changed are read again.
 */
export class BoundedStore<Entry extends Dated> {
  readonly #prefix: string
  readonly #bounds: Bounds
  readonly #storage: WebStorage | null
  readonly #entries = new Map<string, Entry>()
  readonly #sizes = new Map<string, number>()
  readonly #listeners = new Set<() => void>()

  constructor(prefix: string, bounds: Bounds, storage: WebStorage | null) {
    this.#prefix = prefix
    this.#bounds = bounds
    this.#storage = storage
    for (const name of namesIn(storage, prefix)) this.#read(name.slice(prefix.length))
  }

  /** The entry of a key; undefined when there is none. The same object until it is changed. */
  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  /** The keys that begin so, those that were changed last first. */
  keys(beginning = ''): string[] {
    const found = [...this.#entries].filter(([key]) => key.startsWith(beginning))
    return found.sort(([, a], [, b]) => b.at - a.at).map(([key]) => key)
  }

  /** Keeps an entry; null removes what is there. */
  set(key: string, entry: Entry | null): void {
    if (entry) {
      const text = JSON.stringify(entry)
      this.#entries.set(key, entry)
      this.#sizes.set(key, text.length)
      this.#evict(key)
      if (text.length > this.#bounds.size) this.#forget(key) // it lives in memory alone
      else this.#write(key, text)
    } else {
      this.#entries.delete(key)
      this.#sizes.delete(key)
      this.#forget(key)
    }
    this.#changed()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Takes in what another window changed, by the key of a storage event. When all was cleared, what is here stays here. */
  readonly heard = (name: string | null): void => {
    if (!name?.startsWith(this.#prefix)) return
    const key = name.slice(this.#prefix.length)
    this.#entries.delete(key)
    this.#sizes.delete(key)
    this.#read(key)
    this.#changed()
  }

  #read(key: string) {
    try {
      const text = this.#storage?.getItem(this.#prefix + key)
      const entry = text ? (JSON.parse(text) as Entry) : null
      if (!text || typeof entry?.at !== 'number') return
      this.#entries.set(key, entry)
      this.#sizes.set(key, text.length)
    } catch {
      // of another version, or blocked: as if it were not there
    }
  }

  #evict(kept: string) {
    let size = [...this.#sizes.values()].reduce((sum, one) => sum + one, 0)
    for (const key of this.keys().reverse()) {
      if (this.#entries.size <= this.#bounds.count && size <= this.#bounds.size) return
      if (key === kept) continue
      size -= this.#sizes.get(key) ?? 0
      this.#entries.delete(key)
      this.#sizes.delete(key)
      this.#forget(key)
    }
  }

  #write(key: string, text: string) {
    try {
      this.#storage?.setItem(this.#prefix + key, text)
    } catch {
      this.#forget(key) // full or blocked: an old text must not come back in place of this one
    }
  }

  #forget(key: string) {
    try {
      this.#storage?.removeItem(this.#prefix + key)
    } catch {
      // blocked: there is nothing to remove
    }
  }

  #changed() {
    for (const listener of [...this.#listeners]) listener()
  }
}

function namesIn(storage: WebStorage | null, prefix: string): string[] {
  try {
    return Array.from({ length: storage?.length ?? 0 }, (_, index) => storage!.key(index) ?? '').filter((name) => name.startsWith(prefix))
  } catch {
    return []
  }
}

/** The storage of that name; null where there is none, or a browser blocks it. */
export function storageOf(name: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return globalThis[name] ?? null
  } catch {
    return null
  }
}

/** Tells a store what other windows changed. Returns how to stop. */
export function followWindows(heard: (name: string | null) => void): () => void {
  const listener = (event: StorageEvent) => heard(event.key)
  window.addEventListener('storage', listener)
  return () => window.removeEventListener('storage', listener)
}
