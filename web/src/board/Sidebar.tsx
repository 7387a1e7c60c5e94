import { useState } from 'react'
import { Button } from '../design/Button'
import { PageLinks } from '../design/PageLinks'
import { Icon } from '../design/Icon'
import { AvailabilitySwitch } from './AvailabilitySwitch'
import { useDesk } from './desk'
import { DraftsButton } from './DraftsList'
import { hashOf } from './place'
import type { View } from './views'
import './sidebar.css'

interface Props {
  views: View[]
  current: string
  counts: Record<string, number>
  onHelp: () => void
  onSignOut: () => void
}

const GROUPS = ['Inbox', 'Everybody', 'Saved', 'Teams'] as const
const COUNTED_TO = 1000
const MANY = 10 // teams among which one looks for one by its name

/** The views with their live counts, and who one is. */
export function Sidebar({ views, current, counts, onHelp, onSignOut }: Props) {
  const { viewer } = useDesk()
  const [wanted, setWanted] = useState('')
  const many = views.filter(({ group }) => group === 'Teams').length > MANY
  const words = wanted.trim().toLocaleLowerCase()
  const found = ({ group, key, label }: View) => group !== 'Teams' || !many || key === current || label.toLocaleLowerCase().includes(words)
  return (
    <nav className="sidebar" aria-label="Views">
      <header>
        <strong dir="auto">{viewer.workspace.name}</strong>
        <span className="plan">{viewer.workspace.plan.label}</span>
      </header>
      <div className="view-groups">
        {GROUPS.filter((group) => group !== 'Saved' || views.some((view) => view.group === group)).map((group) => (
          <section key={group} aria-label={group}>
            {group !== 'Inbox' && <h2>{group}</h2>}
            {group === 'Teams' && many && (
              <input className="team-search" type="search" dir="auto" placeholder="Find a team" aria-label="Find a team" value={wanted} onChange={(event) => setWanted(event.target.value)} />
            )}
            <ul>
              {views.filter((view) => view.group === group && found(view)).map((view) => (
                <li key={view.key}>
                  <a href={hashOf({ view: view.key, conversation: null })} aria-current={view.key === current ? 'page' : undefined}>
                    <Icon name={view.icon} />
                    <span dir="auto">{view.label}</span>
                    <Count value={counts[view.key]} />
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <footer>
        <AvailabilitySwitch />
        <PageLinks permissions={viewer.permissions} />
        <div className="sidebar-links">
          <DraftsButton view={current} />
          <Button look="bare" icon="keyboard" onClick={onHelp}>
            Shortcuts
          </Button>
          <Button look="bare" onClick={onSignOut}>
            Sign out
          </Button>
        </div>
      </footer>
    </nav>
  )
}

function Count({ value }: { value: number | undefined }) {
  if (value === undefined) return null
  return (
    <span className="count" data-zero={value === 0 || undefined}>
      {value >= COUNTED_TO ? `${COUNTED_TO}+` : value}
    </span>
  )
}
