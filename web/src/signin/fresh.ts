import { Fault } from '../../client/faults' // and not the whole client: the light playground has none
import type { Config } from '../config'
import { type Account, account, forgetAccount, keepAccount, whyOver } from './account'
import { renewByLink } from './link'
import { Over } from './over'

const EARLY = 60_000 // milliseconds before its end at which a token is renewed
const JUST_NOW = 30_000 // a token that is younger and refused is not refused for its age

const REST = 15_000 // milliseconds after a failed renewal for which a token that still holds is used as it is

/** What is needed of the world; tests put in their own. */
export interface Renewing {
  now: () => number
  renew: (config: Config, kept: Account) => Promise<Account>
  /** One window at a time: a provider may take a second use of one renewal for theft. */
  alone: <T>(work: () => Promise<T>) => Promise<T>
  /** When a renewal last failed here, so that not every request waits for a provider that hangs. */
  failedAt?: number
}

const real: Renewing = {
  now: () => Date.now(),
  renew: async (config, kept) => (kept.issuer === null ? renewByLink(kept) : (await import('./oidc')).renewAtProvider(config, kept)),
  alone: (work) => (navigator.locks ? (navigator.locks.request('switchboard:renew', work) as ReturnType<typeof work>) : work()),
}

/**
 * The account's token, renewed when it is due or when the server refused it. Rejects with UNAUTHENTICATED when the
 * sign-in is over, which every window then knows, and with another error when it cannot be told right now.
 */
export async function freshToken(config: Config, id: string, refused?: string, world: Renewing = real): Promise<string> {
  const kept = current(id)
  if (!due(kept, refused, world)) return kept.token
  return world.alone(async () => {
    const now = current(id) // another window may have been quicker
    if (!due(now, refused, world)) return now.token
    if (!now.renewal) return withoutRenewal(now, refused, world.now())
    return renewed(config, now, refused, world)
  })
}

function due(kept: Account, refused: string | undefined, { now, failedAt = Number.NEGATIVE_INFINITY }: Renewing): boolean {
  const rests = kept.token !== refused && now() < kept.expiresAt && now() - failedAt < REST
  return !rests && wants(kept, refused, now())
}

function wants(kept: Account, refused: string | undefined, now: number): boolean {
  if (kept.token === refused) return now - kept.renewedAt > JUST_NOW
  return kept.expiresAt - now < Math.min(EARLY, (kept.expiresAt - kept.renewedAt) / 2)
}

async function renewed(config: Config, kept: Account, refused: string | undefined, world: Renewing): Promise<string> {
  try {
    const next = await world.renew(config, kept)
    current(kept.id) // signed out meanwhile: nothing comes back to life
    keepAccount(next)
    return next.token
  } catch (error) {
    if (error instanceof Over) throw over(error.message)
    if (error instanceof Fault || kept.token === refused || world.now() >= kept.expiresAt) throw error
    world.failedAt = world.now()
    return kept.token // it still holds
  }
}

function withoutRenewal(kept: Account, refused: string | undefined, now: number): string {
  if (kept.token !== refused && now < kept.expiresAt) return kept.token
  throw over('Your sign-in is over. Sign in again.')
}

function over(why: string): Fault {
  forgetAccount(why)
  return new Fault(why, 'UNAUTHENTICATED')
}

function current(id: string): Account {
  const kept = account()
  if (kept?.id !== id) throw new Fault(whyOver() ?? 'You signed out in another window.', 'UNAUTHENTICATED')
  return kept
}
