import { useState } from 'react'
import type { Config } from '../config'
import { Board } from './Board'
import { remember, remembered, type Session } from '../design/session'
import { SignIn } from '../design/SignIn'

/** The board, or the sign-in before it. */
export function App({ config }: { config: Config }) {
  const [session, setSession] = useState(() => remembered(config))
  const [why, setWhy] = useState<string | null>(null)

  function enter(next: Session | null, reason: string | null = null) {
    remember(next)
    setWhy(reason)
    setSession(next)
  }

  if (!session) return <SignIn config={config} why={why} onSignIn={enter} />
  return <Board key={session.token} endpoint={config.endpoint} session={session} onSignOut={(reason) => enter(null, reason)} />
}
