import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { AssignableMembersDocument, type AssignableMembersQuery, operation } from '../../client'
import { Avatar } from '../design/Avatar'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { useDesk } from './desk'
import type { Team } from './teams'
import type { Opened } from './thread'
import type { Target } from './verbs'
import { targetDenial } from './words'
import './panel.css'

interface Props {
  mode: 'assign' | 'transfer'
  conversation: Opened
  onPick: (to: Target, note: string) => void
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

const SHOWN = 50

const members = operation(AssignableMembersDocument)

/** Picks a person or a team, with a note. */
export function TargetPanel({ mode, conversation, onPick, onUnassign, onClose }: Props) {
  const { me, teams } = useDesk()
  const [tab, setTab] = useState<'people' | 'teams'>('people')
  const [search, setSearch] = useState('')
  const [note, setNote] = useState('')
  const [active, setActive] = useState<number | null>(null)
  const words = useDeferredValue(search)
  const [people] = useQuery({ query: members, variables: { conversationId: conversation.id, search: words.trim() || null, first: SHOWN } })
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  const choices = tab === 'people' ? (people.data?.assignableMembers.nodes ?? []).map((node) => person(node, me.id)) : teamChoices(teams, words)
  const first = Math.max(0, choices.findIndex(({ to: target }) => target))
  const current = Math.min(active ?? first, choices.length - 1)

  const [before] = useState(() => document.activeElement)
  useEffect(() => () => void (before instanceof HTMLElement && before.focus()), [before])
  useEffect(() => {
    const away = (event: PointerEvent) => !panel.current?.contains(event.target as Node) && onClose()
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [onClose])
  useEffect(() => {
    document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, current])

  function press(event: KeyboardEvent) {
    if (event.key === 'Escape') onClose()
    else if (event.key === 'ArrowDown') setActive(Math.min(choices.length - 1, current + 1))
    else if (event.key === 'ArrowUp') setActive(Math.max(0, current - 1))
    else if (event.key === 'Enter') pick(choices[current])
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  function pick(choice: Choice | undefined) {
    if (choice?.to) onPick(choice.to, note.trim())
  }
  const show = (next: 'people' | 'teams') => {
    setTab(next)
    setActive(null)
  }

  return (
    <div ref={panel} className="target-panel" role="dialog" aria-label={mode === 'assign' ? 'Assign to' : 'Transfer to'} onKeyDown={(event) => event.key === 'Escape' && (event.stopPropagation(), onClose())}>
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
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={choices[current] ? `${id}-${current}` : undefined}
          aria-label={tab === 'people' ? 'Search people' : 'Search teams'}
          placeholder={tab === 'people' ? 'Search people' : 'Search teams'}
          value={search}
          onChange={(event) => (setSearch(event.target.value), setActive(null))}
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
            aria-disabled={choice.to ? undefined : true}
            onPointerMove={() => setActive(index)}
            onClick={() => pick(choice)}
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
      {choices.length === 0 && <p className="quiet target-none">{people.fetching ? 'Searching…' : 'Nobody by that name.'}</p>}
      <label className="target-note">
        <span>Note for whoever gets it, never shown to the visitor</span>
        <textarea rows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      {onUnassign && (
        <Button look="bare" icon="hand" onClick={onUnassign}>
          Take the assignee off
        </Button>
      )}
    </div>
  )
}

type Candidate = AssignableMembersQuery['assignableMembers']['nodes'][number]

const AVAILABLE = { ONLINE: 'online', AWAY: 'away', OFFLINE: 'offline' }

function person({ candidate, selectable, reason, isCurrentAssignee: current }: Candidate, myId: string): Choice {
  const { id, name } = candidate
  const why = targetDenial(reason)
  if (candidate.__typename === 'AIAgent') {
    return { id, name: `${name} (AI)`, detail: '', why: why ?? targetDenial('AI_AGENT'), to: null, picture: <Avatar name={name} robot /> }
  }
  const detail = `${AVAILABLE[candidate.availability]} · ${candidate.openConversations} open`
  const picture = <Avatar name={name} presence={candidate.availability} />
  return { id, name: id === myId ? `${name} (you)` : name, detail, why: selectable ? null : why, to: selectable ? { memberId: id } : null, picture, current }
}

function teamChoices(teams: readonly Team[], search: string): Choice[] {
  const words = search.trim().toLowerCase()
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
