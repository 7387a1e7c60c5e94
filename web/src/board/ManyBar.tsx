import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Fault, newKey } from '../../client/index'
import { Button } from '../design/Button'
import { composing } from '../design/keyboard'
import { passing } from '../design/passing'
import { useDesk } from './desk'
import { act, type Answer, type Call, foresee, type Many, manyOf, namesIn, type Selection, summary, usagesOf } from './many'
import { ManyResults } from './ManyResults'
import { ManyTargets } from './ManyTargets'
import { demands, reasonsFor } from './reasons'
import { ReasonSelect } from './ReasonSelect'
import { useShortcuts } from './useShortcuts'
import './many.css'

interface Props {
  /** What it says is chosen. */
  label: string
  selection: Selection
  /** What a conversation is called; null for one that was not read. */
  nameOf: (conversationId: string) => string | null
  /** A conversation whose possible owners are shown; null for teams alone. */
  example: string | null
  /** What can be done, the first one first. */
  verbs: readonly Many['type'][]
  onClose: () => void
}

const LABELS: Record<Many['type'], string> = { assign: 'Assign', transfer: 'Transfer', close: 'Close', unassign: 'Unassign' }
const LOST = 'The connection was lost, and nobody knows how far it got. Try again: that does the rest, and nothing twice.'

/** A bar that does one thing to many conversations: it says first what would happen, and afterwards what has. */
export function ManyBar({ label, selection, nameOf, example, verbs, onClose }: Props) {
  const desk = useDesk()
  const { connection, toasts, me } = desk
  const bar = useRef<HTMLElement>(null)
  const [type, setType] = useState(verbs[0]!)
  const [target, setTarget] = useState('')
  const [picked, setPicked] = useState('')
  // What was foreseen is what is done: the same versions, by the same key until it is answered, whatever the list shows meanwhile.
  const [foreseen, setForeseen] = useState<{ call: Call; key: string; answer: Answer } | null>(null)
  const [done, setDone] = useState<Answer | null>(null)
  const [busy, setBusy] = useState(false)
  const [lost, setLost] = useState(false)
  const usages = usagesOf(type, target, me.id, desk.viewer.workspace.rules.reasonsRequired)
  const reason = reasonsFor(desk, ...usages).find(({ id }) => id === picked)
  const what = JSON.stringify([namesIn(selection), type, target, reason?.id])
  useEffect(() => {
    setForeseen(null)
    setDone(null)
    setLost(false)
  }, [what])
  const many = manyOf(type, target)
  const missing = !many ? 'Choose whom' : demands(desk, usages[0]) && !reason ? 'Choose a reason first' : null
  useShortcuts({ many: () => bar.current?.querySelector<HTMLElement>('select, .button:not([aria-label])')?.focus() })

  async function run(step: () => Promise<Answer>, took: (answer: Answer) => void, cut?: () => void) {
    setBusy(true)
    setLost(false)
    try {
      const answer = await step()
      const [refused] = answer.userErrors
      if (refused) toasts.show({ tone: 'bad', text: refused.message })
      else took(answer)
    } catch (error) {
      if (cut && error instanceof Fault && passing(error)) cut()
      else toasts.show({ tone: 'bad', text: error instanceof Fault ? error.message : String(error) })
    } finally {
      setBusy(false)
    }
  }
  function preview() {
    if (!many) return
    const call = { selection, many, reasonCodeId: reason?.id ?? null }
    void run(() => foresee(connection, call), (answer) => setForeseen({ call, key: newKey(), answer }))
  }
  const perform = () => foreseen && void run(() => act(connection, foreseen.call, foreseen.key), setDone, () => setLost(true))
  function press(event: KeyboardEvent) {
    if (event.key !== 'Escape' || composing(event)) return
    event.preventDefault() // it lets go of what is chosen, and leaves the list as it is
    onClose()
    document.querySelector<HTMLElement>('.list-row a[aria-current]')?.focus()
  }
  const answer = done ?? foreseen?.answer

  return (
    <section ref={bar} className="many-bar" aria-label="Many at once" onKeyDown={press}>
      <header>
        <strong>{label}</strong>
        <Button look="bare" icon="close" aria-label="Choose none" onClick={onClose} />
      </header>
      {!done && (
        <div className="many-tools">
          {verbs.length > 1 && (
            <select aria-label="What to do" value={type} onChange={(event) => setType(event.target.value as Many['type'])}>
              {verbs.map((verb) => (
                <option key={verb} value={verb}>
                  {LABELS[verb]}
                </option>
              ))}
            </select>
          )}
          {(type === 'assign' || type === 'transfer') && <ManyTargets example={example} value={target} onChange={setTarget} />}
          <ReasonSelect usages={usages} value={reason?.id ?? ''} onChange={setPicked} />
          {foreseen ? (
            <Button look="primary" busy={busy} denied={foreseen.answer.done > 0 ? null : 'Nothing would change'} onClick={perform}>
              {lost ? 'Try again' : `${LABELS[type]} ${foreseen.answer.done}`}
            </Button>
          ) : (
            <Button busy={busy} denied={missing} onClick={preview}>
              Preview
            </Button>
          )}
        </div>
      )}
      {lost && (
        <p className="many-lost" role="alert">
          {LOST}
        </p>
      )}
      <div role="status" aria-label={done ? 'Done' : 'Preview'}>
        {answer && (
          <ul className="many-summary">
            {summary(answer, type).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
      {answer && <ManyResults answer={answer} type={type} label={done ? 'Not changed' : 'Would not be changed'} nameOf={nameOf} />}
      {done && done.notTried > 0 && (
        <Button busy={busy} onClick={perform}>
          {lost ? 'Try again' : 'Finish the rest'}
        </Button>
      )}
    </section>
  )
}
