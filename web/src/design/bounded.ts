/** What is kept under a key. */
interface Dated {
  /** When it was last changed, in milliseconds since 1970. */
  at: number
}

/** How much of one owner is kept at most. */
export interface Bounds {
  count: number
  /** UTF-16 code units of JSON, over all entries. */
  size: number
}

/** All owners together may have so many times the bounds of one. */
const OWNERS = 5

/** The part of a key that says whose it is: what stands before the first slash, with it. Keys without one are of one owner. */
const ownerOf = (key: string) => key.slice(0, key.indexOf('/') + 1)

type WebStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/**
 * Entries that survive a reload, under keys that begin with a prefix and their owner, such as "anna/1". When one owner has too many,
 * the oldest of that owner go: people who share a browser take no room from one another until five have filled theirs. Where storage
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
    const { count, size } = this.#bounds
    this.#trim(this.keys(ownerOf(kept)), { count, size }, kept)
    this.#trim(this.keys(), { count: count * OWNERS, size: size * OWNERS }, kept)
  }

  /** Forgets the last of some keys until the rest is within bounds. */
  #trim(keys: string[], bounds: Bounds, kept: string) {
    let [count, size] = [keys.length, keys.reduce((sum, key) => sum + (this.#sizes.get(key) ?? 0), 0)]
    for (const key of keys.reverse()) {
      if (count <= bounds.count && size <= bounds.size) return
      if (key === kept) continue
      count--
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
