/** Who is signed in in every window of this browser: at the provider, or by a login link. */
export interface Account {
  /** Of the sign-in; another one is another person, or the same again. */
  id: string
  name: string
  /** For the API. */
  token: string
  /** Milliseconds since 1970, by this computer's clock. */
  renewedAt: number
  expiresAt: number
  /** How the next token is got; null when none can be. */
  renewal: string | null
  /** The provider; null for a login link. */
  issuer: string | null
}

const KEPT = 'switchboard:account'
const REASON = 'switchboard:account-over'
const listeners = new Set<() => void>()

/** The account that every window has; null for none. */
export function account(): Account | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Account | null
    return kept?.id && kept.token ? kept : null
  } catch {
    return null // storage that is blocked, or of another version
  }
}

/** Whether this browser keeps an account: storage may be blocked, or full. */
export function mayKeep(): boolean {
  try {
    localStorage.setItem(`${KEPT}-may`, ' '.repeat(10_000)) // longer than any token
    localStorage.removeItem(`${KEPT}-may`)
    return true
  } catch {
    return false
  }
}

/** Signs in in every window. Throws where the browser keeps nothing. */
export function keepAccount(next: Account): void {
  localStorage.setItem(KEPT, JSON.stringify(next))
  localStorage.removeItem(REASON)
  tell()
}

/** Signs out in every window, and says why. */
export function forgetAccount(why: string | null): void {
  try {
    // The reason first: other windows hear of the end by what is removed.
    if (why) localStorage.setItem(REASON, why)
    else localStorage.removeItem(REASON)
    localStorage.removeItem(KEPT)
  } catch {
    // nothing was kept
  }
  tell()
}

/** Why the last account is no more; null when one chose so. */
export function whyOver(): string | null {
  try {
    return account() ? null : localStorage.getItem(REASON)
  } catch {
    return null
  }
}

/** Calls listener when somebody signs in or out, here or in another window. Answers how to stop. */
export function onAccount(listener: () => void): () => void {
  const stored = ({ key }: StorageEvent) => (key === KEPT || key === null) && listener()
  listeners.add(listener)
  window.addEventListener('storage', stored)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', stored)
  }
}

const tell = () => [...listeners].forEach((listener) => listener())
