import { useState, useSyncExternalStore } from 'react'
import type { Connection } from '../../client/index'
import { useNow } from '../design/time'
import type { Team } from './begin'
import { Changes } from './Changes'
import { Figures } from './Figures'
import { Status } from './Status'
import { withoutTeam } from './noTeam'
import type { Setup } from './setup'
import { SetupPanel } from './SetupPanel'
import { Queue, TeamPanel } from './TeamPanel'
import { turned } from './tempo'
import { TempoChart } from './TempoChart'
import type { WallFeed } from './wallFeed'

interface Props {
  connection: Connection
  feed: WallFeed
  workspace: string
  teams: Team[]
  all: Team[]
  more: number
  setup: Setup
  onSetup: (setup: Setup) => void
  onSignOut: (why: string | null) => void
}

/** The wall: figures above, teams below, the hour and what changes beside them. */
export function WallBoard({ connection, feed, workspace, teams, all, more, setup, onSetup, onSignOut }: Props) {
  const { wall, fault } = useSyncExternalStore(feed.state.subscribe, feed.state.get)
  const now = useNow(1000)
  const [settingUp, setSettingUp] = useState(false)
  const alone = setup.noTeam ? withoutTeam(wall.workspace, wall.teams, all.map(({ id }) => id)) : null
  return (
    <main className="wall" data-teams={teams.length > 4 ? 'many' : 'few'}>
      <header className="wall-head">
        <h1>
          {workspace}
          {more > 0 && <span className="wall-more"> {teams.length} of {teams.length + more} teams</span>}
        </h1>
        <Status state={connection.state} fault={fault} now={now} onSetup={() => setSettingUp(true)} onSignOut={onSignOut} />
      </header>
      <Figures loads={wall.workspace} now={now} setup={setup} />
      <div className="wall-middle">
        <section className="wall-teams" aria-label="Teams">
          {teams.map(({ id, name }) => (
            <TeamPanel key={id} name={name} loads={wall.teams[id]} now={now} room={teams.length > 4 ? 4 : 8} setup={setup} />
          ))}
        </section>
        {alone && alone.waiting > 0 && (
          <article className="wall-team wall-no-team" aria-label="Without a team">
            <header>
              <h2>Without a team</h2>
              <Queue {...alone} now={now} setup={setup} />
            </header>
          </article>
        )}
      </div>
      <TempoChart tempo={turned(wall.tempo, now)} />
      <Changes changes={wall.changes} now={now} />
      {settingUp && <SetupPanel all={all} setup={setup} onChange={onSetup} onClose={() => setSettingUp(false)} />}
    </main>
  )
}
