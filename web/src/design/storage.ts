/** What a window keeps over a reload. Where the browser forbids that, it is kept until the page goes. */
export interface Kept {
  get: (key: string) => string | null
  set: (key: string, value: string) => void
  remove: (key: string) => void
}

/** A storage that never throws: storage answers the browser's own, and may itself throw. */
export function keptIn(storage: () => Storage): Kept {
  const memory = new Map<string, string>()
  function attempt<T>(what: (storage: Storage) => T): T | undefined {
    try {
      return what(storage())
    } catch {
      return undefined // blocked, or full
    }
  }
  return {
    get: (key) => memory.get(key) ?? attempt((storage) => storage.getItem(key)) ?? null,
    set: (key, value) => {
      const done = attempt((storage) => (storage.setItem(key, value), true))
      if (done) memory.delete(key)
      else memory.set(key, value)
    },
    remove: (key) => {
      memory.delete(key)
      attempt((storage) => storage.removeItem(key))
    },
  }
}

/** What this window keeps until it is closed. */
export const windowKept = keptIn(() => globalThis.sessionStorage)
