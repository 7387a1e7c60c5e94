import { useEffect, useState } from 'react'
import type { Config } from '../config'
import { Button } from '../design/Button'
import { account, keepAccount } from './account'
import { ByLink } from './ByLink'
import { finishAtProvider } from './oidc'
import { safeReturn } from './pages'
import { signedOutHere } from './signOut'
import '../design/signin.css'

/** Where the provider sends people back to, and where a login link leads. */
export function SignedIn({ config, arrived }: { config: Config; arrived: URL }) {
  const link = new URLSearchParams(arrived.hash.slice(1))
  if (link.has('link')) return <ByLink config={config} secret={link.get('link') ?? ''} page={link.get('page')} />
  if (arrived.searchParams.has('code') || arrived.searchParams.has('error')) return <Back config={config} arrived={arrived} />
  return <Nothing />
}

/** An address that brings nothing: after a sign-out, or typed by hand. It says what is so. */
function Nothing() {
  const [kept] = useState(account)
  if (kept) {
    return (
      <Message title={`You are signed in as ${kept.name}`}>
        <Button look="primary" onClick={() => window.location.replace('/')}>
          Go to the board
        </Button>
      </Message>
    )
  }
  const left = signedOutHere()
  return (
    <Message title={left ? 'You are signed out' : 'No sign-in was begun'}>
      <p>{left ? 'You are signed out in every window of this browser.' : 'A sign-in ends on this page, and begins on the others.'}</p>
      <Button look="primary" onClick={() => window.location.replace('/')}>
        Sign in
      </Button>
    </Message>
  )
}

let finishing: Promise<string> | undefined // React runs effects twice while developing; a code works once

function Back({ config, arrived }: { config: Config; arrived: URL }) {
  const [fault, setFault] = useState<string | null>(null)
  useEffect(() => {
    finishing ??= finishAtProvider(config, arrived).then(({ account: next, returnTo }) => {
      keepAccount(next)
      return safeReturn(returnTo)
    })
    finishing.then(
      (to) => window.location.replace(to),
      (error: Error) => setFault(error.message),
    )
  }, [config, arrived])
  if (!fault) {
    return (
      <main className="full-page quiet">
        <p role="status">Signing in…</p>
      </main>
    )
  }
  return (
    <Message title="You are not signed in" alert={fault}>
      <Button look="primary" onClick={() => window.location.replace('/')}>
        Back to the sign-in
      </Button>
    </Message>
  )
}

/** A page with one thing to say. */
export function Message({ title, alert, children }: { title: string; alert?: string | null; children: React.ReactNode }) {
  return (
    <main className="sign-in signed-in">
      <h1>{title}</h1>
      {alert && (
        <p className="sign-in-why" role="alert">
          {alert}
        </p>
      )}
      {children}
    </main>
  )
}
