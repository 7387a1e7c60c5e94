import { useEffect, useMemo, useState } from 'react'
import type { TeamsQuery } from '../../client'
import { ConnectionBar } from './ConnectionBar'
import { useCounts } from './counts'
import { useDesk } from './desk'
import { Conversation } from './Conversation'
import { ListPane } from './ListPane'
import { go, usePlace } from './place'
import { Shortcuts } from './Shortcuts'
import { useShortcuts } from './useShortcuts'
import { Sidebar } from './Sidebar'
import { ToastCorner } from './ToastCorner'
import { useNotices } from './useNotices'
import { viewsOf } from './views'

/** The three columns, and what lies over them. */
export function Workbench({ teams, onSignOut }: { teams: TeamsQuery['teams']['nodes']; onSignOut: (why: string | null) => void }) {
  const { connection } = useDesk()
  const place = usePlace()
  const views = useMemo(() => viewsOf(teams), [teams])
  const view = views.find(({ key }) => key === place.view) ?? views[0]!
  const counts = useCounts(connection, views)
  useNotices(place)
  const [menu, setMenu] = useState(false)
  const [help, setHelp] = useState(false)

  useEffect(() => setMenu(false), [place.view])
  useShortcuts({
    '?': () => setHelp(true),
    Escape: () => (menu ? setMenu(false) : go({ view: view.key, conversation: null })),
    ...Object.fromEntries(views.slice(0, 9).map(({ key }, index) => [String(index + 1), () => go({ view: key, conversation: null })])),
  })

  return (
    <div className="workbench" data-open={place.conversation ? 'conversation' : 'list'} data-menu={menu || undefined}>
      <ConnectionBar onSignOut={onSignOut} />
      <Sidebar views={views} current={view.key} counts={counts} onHelp={() => setHelp(true)} onSignOut={() => onSignOut(null)} />
      {menu && <div className="scrim" onClick={() => setMenu(false)} />}
      <ListPane key={view.key} view={view} count={counts[view.key]} selected={place.conversation} onMenu={() => setMenu(true)} />
      {place.conversation ? (
        <Conversation key={place.conversation} id={place.conversation} view={view.key} />
      ) : (
        <main className="conversation-pane empty">
          <p className="quiet">
            Pick a conversation. <kbd>↓</kbd> <kbd>↑</kbd> move through the list, <kbd>?</kbd> shows every shortcut.
          </p>
        </main>
      )}
      <ToastCorner />
      {help && <Shortcuts views={views} onClose={() => setHelp(false)} />}
    </div>
  )
}
