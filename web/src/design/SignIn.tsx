import { type FormEvent, useState } from 'react'
import type { Config, SignIn as Person } from '../config'
import { Avatar } from './Avatar'
import { Button } from './Button'
import type { Session } from './session'
import { AtProvider } from '../signin/AtProvider'
import { PageLinks } from './PageLinks'
import './signin.css'

interface Props {
  config: Config
  title?: string
  /** What one signs in to, in a sentence. */
  about?: string
  /** Why one is here again. */
  why: string | null
  onSignIn: (session: Session) => void
}

/** Pick a demo person, or bring a token. */
export function SignIn({ config, title = 'Switchboard', about = 'Who owns which conversation, and who hears about it at once.', why, onSignIn }: Props) {
  const people = config.signIns.filter(({ kind }) => kind === 'member')
  const workspaces = [...new Set(people.map(({ workspace }) => workspace))]
  return (
    <main className="sign-in">
      <header>
        <h1>{title}</h1>
        <p className="quiet">{about}</p>
      </header>
      {why && (
        <p className="sign-in-why" role="alert">
          {why}
        </p>
      )}
      {config.oidc && <AtProvider config={config} />}
      {workspaces.map((workspace) => (
        <section key={workspace} aria-label={workspace}>
          <h2>{workspace}</h2>
          <ul className="people">
            {people.filter((person) => person.workspace === workspace).map((person) => (
              <li key={person.label}>
                <PersonButton person={person} onSignIn={onSignIn} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {config.links && people.length === 0 && (
        <p className="sign-in-link">
          Ask who runs this server for a link that signs you in: <code>switchboard login-link --as YOUR@ADDRESS</code> prints one.
        </p>
      )}
      <TokenForm open={people.length === 0 && !config.oidc && !config.links} onSignIn={onSignIn} />
      <PageLinks />
    </main>
  )
}

function PersonButton({ person, onSignIn }: { person: Person; onSignIn: Props['onSignIn'] }) {
  const { name, role, label, token } = person
  return (
    <button type="button" className="person-button" onClick={() => onSignIn({ token, label })}>
      <Avatar name={name} size={36} />
      <span>
        <strong>{name}</strong>
        <span className="quiet">{role.replaceAll('_', ' ')}</span>
      </span>
    </button>
  )
}

function TokenForm({ open, onSignIn }: { open: boolean; onSignIn: Props['onSignIn'] }) {
  const [token, setToken] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    const bare = token.trim().replace(/^Bearer\s+/i, '')
    if (bare) onSignIn({ token: bare, label: null })
  }
  return (
    <details open={open} className="token-form">
      <summary>Sign in with a token</summary>
      <form onSubmit={submit}>
        <label>
          <span>Token</span>
          <input value={token} onChange={(event) => setToken(event.target.value)} autoComplete="off" spellCheck={false} />
        </label>
        <Button look="primary" type="submit">
          Sign in
        </Button>
      </form>
      <p className="quiet">It is kept in this window only, until you close it.</p>
    </details>
  )
}
