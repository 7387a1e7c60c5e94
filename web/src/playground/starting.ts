import type { SignIn } from '../config'
import { windowKept } from '../design/storage'
import { account } from '../signin/account'

const REMEMBERED = 'switchboard:acting-as'

/** Whom this window acts as at the start: who was picked here before a reload, or else the account of all windows, or else the first member. */
export function startingSignIn(signIns: SignIn[]): SignIn | undefined {
  const label = windowKept.get(REMEMBERED)
  return signIns.find((signIn) => signIn.label === label) ?? (account() ? undefined : signIns.find(({ kind }) => kind === 'member'))
}

/** Keeps for a reload of this window whom it acts as; undefined is the account of all windows. */
export function keepSignIn(signIn: SignIn | undefined): void {
  if (signIn) windowKept.set(REMEMBERED, signIn.label)
  else windowKept.remove(REMEMBERED)
}

/** What a demo person is called in a list. */
export const called = ({ label, kind, name }: SignIn) => (kind === 'website' ? `${label} (a partner, by an API key)` : kind === 'contact' ? `${label}: ${name}` : label)
