import type { Config } from '../config'
import { account, forgetAccount } from './account'
import { endByLink } from './link'

/** Signs out in every window, and where the sign-in came from. It is done here also when that cannot be reached. */
export async function signOut(config: Config): Promise<void> {
  const kept = account()
  if (!kept) return
  if (kept.issuer === null) {
    forgetAccount(null)
    await endByLink(kept).catch(() => {})
    return
  }
  const { endAtProvider } = await import('./oidc')
  forgetAccount(null)
  const to = await endAtProvider(config, kept).catch(() => null)
  if (to) window.location.assign(to)
}
