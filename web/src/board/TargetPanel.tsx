import { type KeyboardEvent, type PointerEvent as ReactPointerEvent, useEffect, useId, useRef, useState } from 'react'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { useDraft } from '../design/drafts'
import { Icon } from '../design/Icon'
import { composing } from '../design/keyboard'
import { Limit } from '../design/Limit'
import { useRest } from '../design/rest'
import { isolated, tooLong } from '../design/text'
import { useDesk } from './desk'
import { useDismissal } from './dismissal'
import { type Candidate, type Choosing, meant, useMatches } from './matches'
import { changedSince, offeredFor, useSure } from './stale'
import type { Team } from './teams'
import type { Opened } from './thread'
import type { Target } from './verbs'
import { targetDenial } from './words'
import './panel.css'

interface Props {
  mode: 'assign' | 'transfer'
  conversation: Opened
  /** Resolves to whether it was given. */
  onPick: (to: Target, note: string, offer: boolean) => Promise<boolean>
  /** Where it can be given to nobody. */
  onUnassign?: (() => void) | undefined
  onClose: () => void
}

interface Choice {
  id: string
  name: string
  detail: string
  why: string | null
  /** The conversation is theirs now. */
  current?: boolean
  to: Target | null
  picture: React.ReactNode
}

const LONGEST_NOTE = 2000

/**
 * Picks a person or a team, with a note. Enter acts on what was typed: it waits for the list of those words, and picks nobody
 * before somebody typed or moved. When the owner has changed since the panel was opened, it asks before it gives the conversation away.
 */
export function TargetPanel({ mode, conversation, onPick, onUnassign, onClose }: Props) {
  const { me, connection, teams } = useDesk()
  const [tab, setTab] = useState<'people' | 'teams'>('people')
  const [search, setSearch] = useState('')
  const [choosing, setChoosing] = useState<Omit<Choosing, 'words'>>({ marked: null, waiting: null })
  const [note, setNote] = useDraft(`${conversation.id}#${mode}`)
  const [asks, setAsks] = useState(false)
  const words = search.trim()
  const people = useMatches(connection, conversation.id, words)
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  const at = useRef<{ x: number; y: number } | null>(null)
  const choices = tab === 'people' ? people.nodes.map((node) => person(node, me.id)) : teamChoices(teams, words)
  const listOf = tab === 'people' ? people.words : words
  const choice = meant({ ...choosing, words }, listOf, choices)
  const current = choice ? choices.indexOf(choice) : -1
  const over = tooLong(note.text.trim(), LONGEST_NOTE)
  const { asked, sure } = useSure(offeredFor(conversation))
  // A list that has just come, an owner that has just changed, or a question that was just asked is not what a press was meant for.
  const resting = useRest(`${tab} ${listOf} ${conversation.assignee?.id ?? ''} ${asked}`)
  const waiting = choosing.waiting !== null && choosing.waiting === words

  useEffect(() => {
    if (!waiting || listOf !== words) return
    setChoosing({ marked: choice?.id ?? null, waiting: null })
    pick(choice)
  })

  useDismissal(panel, onClose)
  useEffect(() => {
    document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, current])

  const mark = (index: number) => setChoosing({ marked: choices[index]?.id ?? null, waiting: null })

  function press(event: KeyboardEvent) {
    if (composing(event)) return
    if (event.key === 'Escape') onClose()
    else if (event.key === 'ArrowDown') mark(Math.min(choices.length - 1, current + 1))
    else if (event.key === 'ArrowUp') mark(Math.max(0, current - 1))
    else if (event.key === 'Enter') enter()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  function enter() {
    if (choice) pick(choice)
    else if (words && listOf !== words) setChoosing({ marked: null, waiting: words })
  }
  function pick(one: Choice | undefined) {
    if (one?.to && !over && sure()) void onPick(one.to, note.text.trim(), asks).then((done) => done && setNote(null))
  }
  function point(event: ReactPointerEvent, index: number) {
    // A list that changes below a pointer at rest is not pointed at.
    const { clientX: x, clientY: y } = event
    if (at.current && (at.current.x !== x || at.current.y !== y)) mark(index)
    at.current = { x, y }
  }
  const show = (next: 'people' | 'teams') => {
    setTab(next)
    setChoosing({ marked: null, waiting: null })
  }

  return (
    <div ref={panel} className="target-panel" role="dialog" aria-label={mode === 'assign' ? 'Assign to' : 'Transfer to'} onKeyDown={(event) => event.key === 'Escape' && !composing(event) && (event.stopPropagation(), onClose())}>
      <header>
        <h3>{mode === 'assign' ? 'Assign to' : 'Transfer to'}</h3>
        <Button look="bare" icon="close" aria-label="Close" onClick={onClose} />
      </header>
      <div className="target-tabs" role="tablist" aria-label="Whom">
        {(['people', 'teams'] as const).map((name) => (
          <button key={name} type="button" role="tab" aria-selected={tab === name} aria-controls={`${id}-list`} onClick={() => show(name)}>
            {name === 'people' ? 'People' : 'Teams'}
          </button>
        ))}
      </div>
      <div className="target-search">
        <Icon name="search" size={14} />
        <input
          autoFocus
          role="combobox"
          dir="auto"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
          aria-label={tab === 'people' ? 'Search people' : 'Search teams'}
          placeholder={tab === 'people' ? 'Search people' : 'Search teams'}
          value={search}
          onChange={(event) => (setSearch(event.target.value), setChoosing({ marked: null, waiting: null }))}
          onKeyDown={press}
        />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={tab === 'people' ? 'People' : 'Teams'}>
        {choices.map((choice, index) => (
          <li
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            aria-disabled={!choice.to || resting || undefined}
            data-resting={(choice.to && resting) || undefined}
            onPointerMove={(event) => point(event, index)}
            onClick={() => resting || pick(choice)}
          >
            {choice.picture}
            <span>
              <bdi>{choice.name}</bdi>
              <span className="quiet">{choice.why ?? choice.detail}</span>
            </span>
            {choice.current && <Icon name="check" size={14} />}
          </li>
        ))}
      </ul>
      {(waiting || listOf !== words || choices.length === 0) && (
        <p className="quiet target-none" role="status">
          {people.fault && listOf !== words ? people.fault : waiting ? <>Looking for “<bdi>{words}</bdi>”…</> : listOf !== words ? 'Searching…' : 'Nobody by that name.'}
        </p>
      )}
      {asked && (
        <p className="target-none" role="alert">
          <Icon name="info" size={14} /> {changedSince(conversation, me.id)} Choose again to {mode} it all the same.
        </p>
      )}
      <label className="target-note">
        <span>Note for whoever gets it, never shown to the visitor</span>
        <textarea rows={2} dir="auto" value={note.text} onChange={(event) => setNote({ text: event.target.value })} />
      </label>
      <Limit text={note.text.trim()} limit={LONGEST_NOTE} />
      {mode === 'transfer' && (
        <label className="target-first">
          <input type="checkbox" checked={asks} onChange={(event) => setAsks(event.target.checked)} />
          Ask first: it is theirs once they accept
        </label>
      )}
      {onUnassign && (
        <Button look="bare" icon="hand" onClick={() => sure() && onUnassign()}>
          Take the assignee off
        </Button>
      )}
    </div>
  )
}

const AVAILABLE = { ONLINE: 'online', AWAY: 'away', OFFLINE: 'offline' }

function person({ candidate, selectable, reason, isCurrentAssignee: current }: Candidate, myId: string): Choice {
  const { id, name } = candidate
  const why = targetDenial(reason)
  if (candidate.__typename === 'AIAgent') {
    return { id, name: `${isolated(name)} (AI)`, detail: '', why: why ?? targetDenial('AI_AGENT'), to: null, picture: <Avatar name={name} robot /> }
  }
  const detail = `${AVAILABLE[candidate.availability]} · ${candidate.openConversations} open`
  const picture = <Avatar name={name} presence={candidate.availability} />
  return { id, name: id === myId ? `${isolated(name)} (you)` : name, detail, why: selectable ? null : why, to: selectable ? { memberId: id } : null, picture, current }
}

function teamChoices(teams: readonly Team[], search: string): Choice[] {
  const words = search.toLowerCase()
  return teams
    .filter(({ name }) => name.toLowerCase().startsWith(words))
    .map(({ id, name, members: { totalCount } }) => ({
      id,
      name,
      detail: totalCount === 1 ? '1 person' : `${totalCount} people`,
      why: null,
      to: { teamId: id },
      picture: <Icon name="people" size={20} />,
    }))
}
