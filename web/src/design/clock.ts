// The server's clock: ages and waits are told by it, since a computer's own may be wrong by hours.
const TRUSTED = 2000 // milliseconds by which two clocks may differ without harm
const LOOKS_EVERY = 10 * 60_000

let ahead = 0

/** The server's time in milliseconds since 1970, as far as it is known; else this computer's. */
export const serverNow = (): number => Date.now() + ahead

/** Milliseconds by which the server's clock is ahead, from an answer's Date header, when it was asked for and when it came; 0 when it does not say. */
export function aheadOf(date: string | null, asked: number, came: number): number {
  const said = Date.parse(date ?? '') + 500 // the header has whole seconds
  const difference = said - (asked + came) / 2
  return Math.abs(difference) > TRUSTED ? difference : 0
}

/** Sets the clock by an answer of the server. */
export function setClock(answer: Response, asked: number): void {
  const date = answer.headers.get('date')
  if (date !== null) ahead = aheadOf(date, asked, Date.now())
}

/** Looks at the server's clock now and then, and when the page is seen again: a computer's clock is set, and sleeps. */
export function keepClock(url = '/config.json'): void {
  const look = async () => {
    const asked = Date.now()
    try {
      setClock(await fetch(url, { method: 'HEAD' }), asked)
    } catch {
      // The server is away: what was known holds.
    }
  }
  setInterval(() => void look(), LOOKS_EVERY)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void look())
}
