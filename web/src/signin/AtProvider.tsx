import { useState } from 'react'
import type { Config } from '../config'
import { loadConfig } from '../config'
import { Button } from '../design/Button'

/** The way to the provider; short where there is little room. */
export function AtProvider({ config, short = false }: { config: Config; short?: boolean }) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const provider = config.oidc!

  async function go() {
    setBusy(true)
    setFault(null)
    try {
      const { beginAtProvider } = await import('./oidc')
      const now = provider.endpoints ? config : await loadConfig()
      const { pathname, search, hash } = window.location
      await beginAtProvider(now, pathname + search + hash)
    } catch (error) {
      setFault((error as Error).message)
      setBusy(false)
    }
  }

  return (
    <section className="at-provider" aria-label="Sign in">
      {fault && (
        <p className="sign-in-why" role="alert">
          {fault}
        </p>
      )}
      <Button look="primary" busy={busy} onClick={() => void go()}>
        Sign in
      </Button>
      {!short && <p className="quiet">You sign in at {new URL(provider.issuer).host}, for every window of this browser.</p>}
    </section>
  )
}
