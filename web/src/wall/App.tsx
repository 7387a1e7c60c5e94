import { useState } from 'react'
import type { Config } from '../config'
import { remember, remembered, type Session } from '../design/session'
import { SignIn } from '../design/SignIn'
import { Beginning } from './Beginning'

const ABOUT = 'Who has how much, what waits, and what changes. It shows what the person who signs in may see: an observer is enough.'

/** The wallboard, or the sign-in before it. */
export function App({ config }: { config: Config }) {
  const [session, setSession] = useState(() => remembered(config))
  const [why, setWhy] = useState<string | null>(null)

  function enter(next: Session | null, reason: string | null = null) {
    remember(next)
    setWhy(reason)
    setSession(next)
  }

  if (!session) return <SignIn config={config} title="Wallboard" about={ABOUT} why={why} onSignIn={enter} />
  return <Beginning key={session.token} endpoint={config.endpoint} session={session} onSignOut={(reason) => enter(null, reason)} />
}
