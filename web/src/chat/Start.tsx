import { type FormEvent, useCallback, useState, useSyncExternalStore } from 'react'
import { Fault, newKey } from '../../client/index'
import type { Config } from '../config'
import { Button } from '../design/Button'
import { useUnloadWarning } from '../design/drafts'
import { Limit } from '../design/Limit'
import { passing } from '../design/passing'
import { tooLong } from '../design/text'
import { PageLinks } from '../design/PageLinks'
import { begin, companies } from './begin'
import type { Visit } from './visit'
import { setWish, triedWith, type Wish, wishes, wishOf } from './wish'

const LONGEST = 10_000
const LONGEST_NAME = 100

const SUBJECTS = ['My order', 'An invoice', 'A product', 'Something else']

/** Where a visitor says who they are and what they want. */
export function Start({ config, why, onStart }: { config: Config; why: string | null; onStart: (visit: Visit) => void }) {
  const offered = companies(config)
  const [company, setCompany] = useState(offered[0])
  const [drafts] = useState(wishes)
  const draft = useSyncExternalStore(drafts.subscribe, () => JSON.stringify(wishOf(drafts, { name: '', subject: SUBJECTS[0]!, message: '' })))
  const wish = JSON.parse(draft) as Wish
  useUnloadWarning(useCallback(() => drafts.unsent(), [drafts]), drafts.subscribe)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState(why)
  const missing = missingOf(wish)
  const set = (part: Partial<Wish>) => setWish(drafts, { ...wish, ...part })

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (missing || busy || !company) return
    setBusy(true)
    setFault(null)
    // One key for one form until it is answered: a lost answer and another press make one chat.
    const asked = JSON.stringify([company.label, wish])
    const key = triedWith(drafts, asked) ?? newKey()
    setWish(drafts, wish, { way: 'start', text: asked, key })
    try {
      const visit = await begin(config, company, { ...wish, name: wish.name.trim(), message: wish.message.trim() }, key)
      setWish(drafts, null)
      onStart(visit)
    } catch (error) {
      if (error instanceof Fault && !passing(error)) setWish(drafts, wish)
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
          <input dir="auto" value={wish.name} readOnly={busy} autoComplete="name" onChange={(event) => set({ name: event.target.value })} />
        </label>
        <label>
          What is it about?
          <select value={wish.subject} disabled={busy} onChange={(event) => set({ subject: event.target.value })}>
            {SUBJECTS.map((subject) => (
              <option key={subject}>{subject}</option>
            ))}
          </select>
        </label>
        <label>
          Your message
          <textarea rows={3} dir="auto" value={wish.message} readOnly={busy} onChange={(event) => set({ message: event.target.value })} />
        </label>
        <Limit text={wish.message.trim()} limit={LONGEST} />
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

/** Why the form cannot be sent; null when it can. */
function missingOf({ name, message }: Wish): string | null {
  if (!name.trim()) return 'Write your name first'
  if (!message.trim()) return 'Write something first'
  const over = tooLong(name.trim(), LONGEST_NAME)
  return over ? `Your name: ${over}` : tooLong(message.trim(), LONGEST)
}
