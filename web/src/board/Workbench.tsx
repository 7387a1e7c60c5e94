import { useCallback, useEffect, useMemo, useState } from 'react'
import type { TeamsQuery } from '../../client'
import { ConnectionBar } from './ConnectionBar'
import { useCounts } from './counts'
import { followWindows } from '../design/bounded'
import { useUnloadWarning } from '../design/drafts'
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
  const { connection, outbox, drafts } = useDesk()
  const place = usePlace()
  const views = useMemo(() => viewsOf(teams), [teams])
  const view = views.find(({ key }) => key === place.view) ?? views[0]!
  const counts = useCounts(connection, views)
  useNotices(place)
  useEffect(() => outbox.start(), [outbox])
  useEffect(() => followWindows((name) => (drafts.heard(name), outbox.heard(name))), [drafts, outbox])
  useUnloadWarning(useCallback(() => drafts.unsent() || outbox.unsent(), [drafts, outbox]), useCallback((listener: () => void) => both(drafts.subscribe(listener), outbox.subscribe(listener)), [drafts, outbox]))
  const [menu, setMenu] = useState(false)
  const [help, setHelp] = useState(false)

  useEffect(() => setMenu(false), [place.view])
  useShortcuts({
    help: () => setHelp(true),
    back: () => (menu ? setMenu(false) : go({ view: view.key, conversation: null })),
    ...Object.fromEntries(views.slice(0, 9).map(({ key }, index) => [`view${index + 1}`, () => go({ view: key, conversation: null })])),
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

const both = (first: () => void, second: () => void) => () => {
  first()
  second()
}
