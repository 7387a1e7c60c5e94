import { useCallback, useEffect, useState } from 'react'
import type { Config } from '../config'
import { remember, remembered, type Session } from '../design/session'
import { account, forgetAccount, onAccount, whyOver } from './account'
import { signOut } from './signOut'

interface Signed {
  session: Session | null
  /** Why one is asked to sign in again. */
  why: string | null
  /** Signs in in this window alone: a demo person, or a token of one's own. */
  enter: (session: Session) => void
  /** Ends the session, of every window when it is shared; why is the reason when it was not one's own choice. */
  leave: (why: string | null) => void
}

/** Who is signed in in this window: somebody of its own, or else whoever is in all windows. */
export function useSession(config: Config): Signed {
  const [session, setSession] = useState(() => remembered(config))
  const [why, setWhy] = useState(whyOver)

  useEffect(
    () =>
      onAccount(() => {
        const id = account()?.id
        setSession((now) => (now && !now.account ? now : id === now?.account ? now : remembered(config)))
        setWhy(whyOver())
      }),
    [config],
  )

  const enter = useCallback((next: Session) => {
    remember(next)
    setWhy(null)
    setSession(next)
  }, [])
  const shared = session?.account
  const leave = useCallback(
    (reason: string | null) => {
      remember(null)
      setWhy(reason)
      if (!shared) return setSession(null)
      if (account()?.id !== shared) return setSession(remembered(config))
      if (reason) forgetAccount(reason)
      else void signOut(config)
    },
    [config, shared],
  )
  return { session, why, enter, leave }
}
