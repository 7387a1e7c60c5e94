import { useCallback, useState } from 'react'
import type { Config } from '../config'
import { remember, remembered, type Session } from '../design/session'
import { SignIn } from '../design/SignIn'
import { Board } from './Board'

/** The board, or the sign-in before it. */
export function App({ config }: { config: Config }) {
  const [session, setSession] = useState(() => remembered(config))
  const [why, setWhy] = useState<string | null>(null)

  const enter = useCallback((next: Session | null, reason: string | null = null) => {
    remember(next)
    setWhy(reason)
    setSession(next)
  }, [])
  const leave = useCallback((reason: string | null) => enter(null, reason), [enter])

  if (!session) return <SignIn config={config} why={why} onSignIn={enter} />
  return <Board key={session.token} endpoint={config.endpoint} session={session} onSignOut={leave} />
}
