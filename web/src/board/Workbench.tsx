import { useCallback, useEffect, useMemo, useState } from 'react'
import { ErrorBoundary } from '../design/ErrorBoundary'
import { OfflineBar } from './AvailabilitySwitch'
import { ConnectionBar } from './ConnectionBar'
import { useCounts } from './counts'
import { followWindows } from '../design/bounded'
import { useUnloadWarning } from '../design/drafts'
import { useDesk } from './desk'
import { Conversation } from './Conversation'
import { ListPane } from './ListPane'
import { go, placeOf, settle, usePlace } from './place'
import { ReasonDialog } from './ReasonDialog'
import { Shortcuts } from './Shortcuts'
import { useShortcuts } from './useShortcuts'
import { Sidebar } from './Sidebar'
import { ToastCorner } from './ToastCorner'
import { useNotices } from './useNotices'
import { beginning, viewOf, viewsOf } from './views'

/** The three columns, and what lies over them. */
export function Workbench({ onSignOut }: { onSignOut: (why: string | null) => void }) {
  const { connection, outbox, drafts, teams, saved } = useDesk()
  const place = usePlace()
  const views = useMemo(() => viewsOf(teams, saved), [teams, saved])
  const counts = useCounts(connection, views)
  const found = viewOf(views, place.view)
  const view = found ?? views[0]!
  const notices = useNotices({ view: view.key, conversation: place.conversation })
  useEffect(() => outbox.start(), [outbox])
  useEffect(() => followWindows((name) => (drafts.heard(name), outbox.heard(name))), [drafts, outbox])
  useUnloadWarning(useCallback(() => drafts.unsent() || outbox.unsent(), [drafts, outbox]), useCallback((listener: () => void) => both(drafts.subscribe(listener), outbox.subscribe(listener)), [drafts, outbox]))
  const [menu, setMenu] = useState(false)
  const [help, setHelp] = useState(false)

  // Who names no view begins with the first that holds something; one that is no more leads there too.
  const first = found || place.conversation ? null : beginning(views, counts)
  useEffect(() => {
    // Unless one has gone somewhere meanwhile.
    if (first && placeOf(window.location.hash).view === place.view) settle(first.key)
  }, [first, place.view])
  useEffect(() => setMenu(false), [place.view])
  useShortcuts({
    help: () => setHelp(true),
    back: () => (menu ? setMenu(false) : go({ view: view.key, conversation: null })),
    ...Object.fromEntries(views.slice(0, 9).map(({ key }, index) => [`view${index + 1}`, () => go({ view: key, conversation: null })])),
  })

  return (
    <div className="workbench" data-open={place.conversation ? 'conversation' : 'list'} data-menu={menu || undefined}>
      <div className="workbench-bars">
        <ConnectionBar onSignOut={onSignOut} />
        <OfflineBar />
      </div>
      <Sidebar views={views} current={view.key} counts={counts} onHelp={() => setHelp(true)} onSignOut={() => onSignOut(null)} />
      {menu && <div className="scrim" onClick={() => setMenu(false)} />}
      <ListPane key={view.key} view={view} count={counts[view.key]} selected={place.conversation} onMenu={() => setMenu(true)} notices={notices} />
      {place.conversation ? (
        <ErrorBoundary key={place.conversation} name="The conversation">
          <Conversation id={place.conversation} view={view.key} />
        </ErrorBoundary>
      ) : (
        <main className="conversation-pane empty">
          <p className="quiet">
            Pick a conversation. <kbd>↓</kbd> <kbd>↑</kbd> move through the list, <kbd>?</kbd> shows every shortcut.
          </p>
        </main>
      )}
      <ToastCorner open={place.conversation} onAll={notices.show} />
      <ReasonDialog />
      {help && <Shortcuts views={views} onClose={() => setHelp(false)} />}
    </div>
  )
}

const both = (first: () => void, second: () => void) => () => {
  first()
  second()
}
