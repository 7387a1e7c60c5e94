import { useState } from 'react'
import type { Config } from '../config'
import { remember } from '../design/session'
import { Button } from '../design/Button'
import { account } from './account'
import { enterByLink, nameInLink } from './link'
import { Over } from './over'
import { pageNamed } from './pages'
import { Message } from './SignedIn'

/** Signs in with a login link, when one says so: programs that look at links press no buttons, and nobody becomes somebody else unasked. */
export function ByLink({ config, secret, page }: { config: Config; secret: string; page: string | null }) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error | null>(null)
  const [before] = useState(account)
  const name = nameInLink(secret)

  async function enter() {
    setBusy(true)
    setFault(null)
    try {
      await enterByLink(secret)
      remember(null)
      window.location.replace(pageNamed(page))
    } catch (error) {
      setFault(error as Error)
      setBusy(false)
    }
  }

  if (!config.links) {
    return (
      <Message title="You are not signed in" alert="People sign in to this server at its identity provider, not by a link.">
        <Button look="primary" onClick={() => window.location.replace('/')}>
          Go to the sign-in
        </Button>
      </Message>
    )
  }
  if (fault instanceof Over) {
    return (
      <Message title="You are not signed in" alert={fault.message}>
        <Button onClick={() => window.location.replace('/')}>Go to the board</Button>
      </Message>
    )
  }
  return (
    <Message title={name ? `Sign in as ${name}?` : 'Sign in with this link?'} alert={fault?.message ?? null}>
      <p>The link works once. You are then signed in in every window of this browser, until you sign out or do not come for 30 days.</p>
      {before && (
        <p className="quiet">
          You are signed in as {before.name} now; that ends.
        </p>
      )}
      <Button look="primary" busy={busy} onClick={() => void enter()}>
        Sign in
      </Button>
    </Message>
  )
}
