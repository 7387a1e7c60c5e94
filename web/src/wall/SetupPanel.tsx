import { useEffect, useRef, useState } from 'react'
import { Button } from '../design/Button'
import { PageLinks } from '../design/PageLinks'
import type { Team } from './begin'
import { chosen, PLAIN, settled, type Setup } from './setup'
import './setup.css'

interface Props {
  all: readonly Team[]
  setup: Setup
  onChange: (setup: Setup) => void
  onClose: () => void
}

/** Which teams hang on the wall and in which order, and from when waiting is said to be long. */
export function SetupPanel({ all, setup, onChange, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [draft, setDraft] = useState(setup)
  useEffect(() => dialog.current?.showModal(), [])

  const shown = chosen(all, draft.teams)
  const hidden = all.filter((team) => !shown.includes(team))
  const show = (teams: Team[]) => setDraft({ ...draft, teams: teams.map(({ id }) => id) })
  const move = (index: number, by: number) => {
    const [team, other] = [shown[index], shown[index + by]]
    if (team && other) show(shown.with(index, other).with(index + by, team))
  }

  return (
    <dialog ref={dialog} className="wall-setup" aria-labelledby="wall-setup-title" onClose={onClose}>
      <form method="dialog" onSubmit={() => onChange(settled(draft))}>
        <h2 id="wall-setup-title">Set up this wall</h2>
        <fieldset>
          <legend>Teams to show: the first eight, in this order</legend>
          <ul>
            {shown.map((team, index) => (
              <li key={team.id}>
                <label>
                  <input type="checkbox" checked onChange={() => show(shown.filter(({ id }) => id !== team.id))} /> <bdi>{team.name}</bdi>
                </label>
                <Button look="bare" aria-label={`Move ${team.name} up`} denied={index === 0 ? 'It is the first' : null} onClick={() => move(index, -1)}>
                  ↑
                </Button>
                <Button look="bare" aria-label={`Move ${team.name} down`} denied={index === shown.length - 1 ? 'It is the last' : null} onClick={() => move(index, 1)}>
                  ↓
                </Button>
              </li>
            ))}
            {hidden.map((team) => (
              <li key={team.id}>
                <label>
                  <input type="checkbox" checked={false} onChange={() => show([...shown, team])} /> <bdi>{team.name}</bdi>
                </label>
              </li>
            ))}
          </ul>
          <label>
            <input type="checkbox" checked={draft.noTeam} onChange={() => setDraft({ ...draft, noTeam: !draft.noTeam })} /> What waits without a team
          </label>
        </fieldset>
        <fieldset>
          <legend>When is waiting long?</legend>
          <Figure label="Look after it from" unit="minutes" value={draft.soon} onChange={(soon) => setDraft({ ...draft, soon })} />
          <Figure label="Too long from" unit="minutes" value={draft.late} onChange={(late) => setDraft({ ...draft, late })} />
          <Figure label="Look after it from" unit="that wait" value={draft.many} onChange={(many) => setDraft({ ...draft, many })} />
        </fieldset>
        <p className="quiet">It is kept in this browser and in the address, which you can hand on.</p>
        <div className="wall-setup-end">
          <Button look="bare" onClick={() => setDraft(PLAIN)}>
            Reset
          </Button>
          <Button onClick={() => dialog.current?.close()}>Cancel</Button>
          <Button look="primary" type="submit">
            Save
          </Button>
        </div>
      </form>
      <PageLinks />
    </dialog>
  )
}

/** A number. What is typed stays as it was typed, also while it is no number yet; one that is left so is the last that was. */
function Figure({ label, unit, value, onChange }: { label: string; unit: string; value: number; onChange: (value: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null)
  function type(text: string) {
    const number = Math.round(Number(text))
    setTyped(text)
    if (number >= 1) onChange(number)
  }
  return (
    <label className="wall-setup-figure">
      {label}{' '}
      <input type="number" min={1} max={10_000} required value={typed ?? value} onChange={(event) => type(event.target.value)} onBlur={() => setTyped(null)} /> {unit}
    </label>
  )
}
