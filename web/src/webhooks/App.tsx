import type { Config } from '../config'
import { keyOf } from '../design/session'
import { SignIn } from '../design/SignIn'
import { useSession } from '../signin/useSession'
import { Beginning } from './Beginning'

const ABOUT = 'The addresses of other systems to which this workspace sends what happens in it. For whoever manages API keys.'

/** The page of webhooks, or the sign-in before it. */
export function App({ config }: { config: Config }) {
  const { session, why, enter, leave } = useSession(config)
  if (!session) return <SignIn config={config} title="Webhooks" about={ABOUT} why={why} onSignIn={enter} />
  return <Beginning key={keyOf(session)} config={config} session={session} onSignOut={leave} />
}
