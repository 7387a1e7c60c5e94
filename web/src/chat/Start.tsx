import { type FormEvent, useState } from 'react'
import { Fault } from '../../client'
import type { Config } from '../config'
import { Button } from '../design/Button'
import { PageLinks } from '../design/PageLinks'
import { begin, companies } from './begin'
import type { Visit } from './visit'

const SUBJECTS = ['My order', 'An invoice', 'A product', 'Something else']

/** Where a visitor says who they are and what they want. */
export function Start({ config, why, onStart }: { config: Config; why: string | null; onStart: (visit: Visit) => void }) {
  const offered = companies(config)
  const [company, setCompany] = useState(offered[0])
  const [wish, setWish] = useState({ name: '', subject: SUBJECTS[0]!, message: '' })
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState(why)
  const missing = wish.name.trim() === '' ? 'Write your name first' : wish.message.trim() === '' ? 'Write something first' : null
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part })

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (missing || busy || !company) return
    setBusy(true)
    try {
      onStart(await begin(config, company, { ...wish, name: wish.name.trim(), message: wish.message.trim() }))
    } catch (error) {
      setFault(error instanceof Fault ? error.message : String(error))
      setBusy(false)
    }
  }

  if (!company) return <main className="full-page">There is no chat here: this server runs no demo.</main>
  return (
    <main className="chat start">
      <header className="chat-head">
        <h1>{company.workspace}</h1>
        <p>{company.name}, our AI agent, answers at once. A person is one question away.</p>
      </header>
      <form onSubmit={submit}>
        {fault && (
          <p className="chat-fault" role="alert">
            {fault}
          </p>
        )}
        {offered.length > 1 && (
          <label>
            Whom do you write to?
            <select value={company.label} onChange={(event) => setCompany(offered.find(({ label }) => label === event.target.value))}>
              {offered.map(({ label, workspace }) => (
                <option key={label} value={label}>
                  {workspace}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Your name
          <input value={wish.name} maxLength={100} autoComplete="name" onChange={(event) => set({ name: event.target.value })} />
        </label>
        <label>
          What is it about?
          <select value={wish.subject} onChange={(event) => set({ subject: event.target.value })}>
            {SUBJECTS.map((subject) => (
              <option key={subject}>{subject}</option>
            ))}
          </select>
        </label>
        <label>
          Your message
          <textarea rows={3} maxLength={10_000} value={wish.message} onChange={(event) => set({ message: event.target.value })} />
        </label>
        <Button look="primary" type="submit" denied={missing} busy={busy}>
          Start the chat
        </Button>
      </form>
      <p className="quiet">
        A demo: answer in another window, on <a href="/">the board</a>, as the person whom the chat names: everybody there can be signed in as.
      </p>
      <PageLinks />
    </main>
  )
}
