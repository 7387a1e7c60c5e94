import { useSyncExternalStore } from 'react'
import type { Connection } from '../../client'
import { useNow } from '../design/time'
import type { Team } from './begin'
import { Changes } from './Changes'
import { Figures } from './Figures'
import { Status } from './Status'
import { TeamPanel } from './TeamPanel'
import { turned } from './tempo'
import { TempoChart } from './TempoChart'
import type { WallFeed } from './wallFeed'

interface Props {
  connection: Connection
  feed: WallFeed
  workspace: string
  teams: Team[]
  more: number
  onSignOut: (why: string | null) => void
}

/** The wall: figures above, teams below, the hour and what changes beside them. */
export function WallBoard({ connection, feed, workspace, teams, more, onSignOut }: Props) {
  const { wall, fault } = useSyncExternalStore(feed.state.subscribe, feed.state.get)
  const now = useNow(1000)
  return (
    <main className="wall" data-teams={teams.length > 4 ? 'many' : 'few'}>
      <header className="wall-head">
        <h1>
          {workspace}
          {more > 0 && <span className="wall-more"> {teams.length} of {teams.length + more} teams</span>}
        </h1>
        <Status state={connection.state} fault={fault} now={now} onSignOut={onSignOut} />
      </header>
      <Figures loads={wall.workspace} now={now} />
      <section className="wall-teams" aria-label="Teams">
        {teams.map(({ id, name }) => (
          <TeamPanel key={id} name={name} loads={wall.teams[id]} now={now} room={teams.length > 4 ? 4 : 8} />
        ))}
      </section>
      <TempoChart tempo={turned(wall.tempo, now)} />
      <Changes changes={wall.changes} now={now} />
    </main>
  )
}
