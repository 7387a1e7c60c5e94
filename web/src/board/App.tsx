import type { Config } from '../config'
import { keyOf } from '../design/session'
import { SignIn } from '../design/SignIn'
import { useSession } from '../signin/useSession'
import { Board } from './Board'

/** The board, or the sign-in before it. */
export function App({ config }: { config: Config }) {
  const { session, why, enter, leave } = useSession(config)
  if (!session) return <SignIn config={config} why={why} onSignIn={enter} />
  return <Board key={keyOf(session)} config={config} session={session} onSignOut={leave} />
}
