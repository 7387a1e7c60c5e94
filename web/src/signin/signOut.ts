import type { Config } from '../config'
import { windowKept } from '../design/storage'
import { account, forgetAccount } from './account'
import { endByLink } from './link'

const LEFT = 'switchboard:signed-out'

/** Whether somebody signed out in this window, and came back from the provider. */
export const signedOutHere = (): boolean => windowKept.get(LEFT) !== null

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
  if (!to) return
  windowKept.set(LEFT, 'yes')
  window.location.assign(to)
}
