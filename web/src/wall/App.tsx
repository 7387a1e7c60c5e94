import type { Config } from '../config'
import { keyOf } from '../design/session'
import { SignIn } from '../design/SignIn'
import { useSession } from '../signin/useSession'
import { Beginning } from './Beginning'

const ABOUT = 'Who has how much, what waits, and what changes. It shows what the person who signs in may see: an observer is enough.'

/** The wallboard, or the sign-in before it. */
export function App({ config }: { config: Config }) {
  const { session, why, enter, leave } = useSession(config)
  if (!session) return <SignIn config={config} title="Wallboard" about={ABOUT} why={why} onSignIn={enter} />
  return <Beginning key={keyOf(session)} config={config} session={session} onSignOut={leave} />
}
