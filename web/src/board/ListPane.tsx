import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { type InboxView, LiveList } from '../../client/index'
import { Attendance } from '../design/attendance'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { useDesk } from './desk'
import { Bell } from './Bell'
import { type Entry, type List, type Order, shown, SHOWN } from './list'
import { ListRow } from './ListRow'
import { ListTools } from './ListTools'
import { useListWindow } from './listWindow'
import { go } from './place'
import { useNow } from '../design/time'
import { composing } from '../design/keyboard'
import { isolated } from '../design/text'
import { useKeptScroll } from '../design/scroll'
import { useChoice } from './choice'
import { useStill } from './still'
import { useMoves } from './useMoves'
import { useShortcuts } from './useShortcuts'
import { choose, type Selection } from './many'
import { ManyBar } from './ManyBar'
import type { Notices } from './useNotices'
import { narrowed, type View } from './views'
import './list.css'

interface Props {
  view: View
  count: number | undefined
  selected: string | null
  onMenu: () => void
  notices: Notices
}

/** One view, live. */
export function ListPane({ view, count, selected, onMenu, notices }: Props) {
  const { choice, setChoice, order, setOrder } = useChoice(view)
  const words = useSettled(choice.search.trim())
  const field = useRef<HTMLInputElement>(null)
  useShortcuts({ search: () => field.current?.focus() })
  const { kind, awaiting, starred } = choice
  const filter = useMemo(() => narrowed(view.filter, { kind, search: words, awaiting, starred }), [view.filter, kind, words, awaiting, starred])
  const whole = kind === 'ALL' && !words && !awaiting && !starred
  return (
    <section className="list-pane" aria-label={view.label}>
      <header>
        <Button look="bare" icon="menu" className="menu-button" aria-label="Views" onClick={onMenu} />
        <h1 dir="auto">{view.label}</h1>
        {count !== undefined && whole && <span className="quiet">{count}</span>}
        <Bell notices={notices} />
      </header>
      <label className="search">
        <Icon name="search" size={14} />
        <input
          ref={field}
          type="search"
          dir="auto"
          placeholder="Search subject or visitor"
          aria-label="Search subject or visitor"
          value={choice.search}
          onChange={(event) => setChoice({ ...choice, search: event.target.value })}
          onKeyDown={(event) => event.key === 'Escape' && !composing(event) && event.currentTarget.blur()}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <ListTools choice={choice} onChoice={setChoice} order={order} onOrder={setOrder} own={view.order} />
      <Rows view={view} filter={filter} order={order} narrow={!whole} selected={selected} />
    </section>
  )
}

/** Gives everything that is mine to a team, in one step. */
function ShiftEnd({ nameOf }: { nameOf: (conversationId: string) => string | null }) {
  const [open, setOpen] = useState(false)
  if (open) return <ManyBar label="My shift ends: everything of mine" selection={MINE} nameOf={nameOf} example={null} verbs={['transfer']} onClose={() => setOpen(false)} />
  return (
    <p className="shift-end">
      <Button look="bare" icon="leave" onClick={() => setOpen(true)}>
        My shift ends
      </Button>
    </p>
  )
}

const MINE: Selection = { view: { list: 'MINE', statuses: ['OPEN', 'UNSET'] } }

interface RowsProps {
  view: View
  filter: InboxView
  order: Order
  /** Less than the whole view. */
  narrow: boolean
  selected: string | null
}

function Rows({ view, filter, order, narrow, selected }: RowsProps) {
  const { connection } = useDesk()
  const feed = useMemo(() => new LiveList(connection, filter, { ...SHOWN, orderBy: order }), [connection, filter, order])
  useEffect(() => feed.start(), [feed])
  const attendance = useMemo(() => new Attendance(connection, { view: filter }), [connection, filter])
  useEffect(() => attendance.start(), [attendance])
  const { list: loaded, loading, fault, flood } = useSyncExternalStore(feed.state.subscribe, feed.state.get)
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const { still: list, onClickCapture } = useStill(useLast(loaded), scroller, feed)
  const entries = list?.entries ?? NONE
  const keys = useMemo(() => entries.map(({ row }) => row.id), [entries])
  const drawn = useListWindow(scroller, keys)
  useMoves(scroller, list, flood)
  useEnd(scroller, () => feed.more())
  useKeptScroll(scroller, JSON.stringify([view.key, filter, order]), loaded ? (loaded.more ? () => feed.more() : 'all') : 'none')

  const rows = list ? shown(list) : []
  function step(by: number) {
    const at = rows.findIndex(({ id }) => id === selected)
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (!next) return
    go({ view: view.key, conversation: next.id })
    drawn.reveal(keys.indexOf(next.id))
    const focus = () => scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next.id)}"] a`)?.focus()
    focus()
    requestAnimationFrame(focus) // where it had to be drawn first
  }
  const [chosen, setChosen] = useState<ReadonlySet<string>>(NO_ROWS)
  const last = useRef<string | null>(null)
  const selection = useMemo(() => selectionOf(chosen, entries), [chosen, entries])
  const nameOf = useNames(entries)
  const label = chosen.size > 0 ? `${chosen.size} chosen` : ''
  function pick(id: string | null, range: boolean) {
    if (!id) return
    setChosen(choose(chosen, rows.map((row) => row.id), last.current, id, range))
    last.current = id
  }
  useShortcuts({ next: () => step(1), previous: () => step(-1), choose: () => pick(selected, false), chooseNext: () => pick(selected, true) })

  /** A click with Shift, Ctrl or Cmd chooses the row and does not open it. */
  function clickChosen(event: MouseEvent) {
    const id = (event.target as HTMLElement).closest<HTMLElement>('.list-row')?.dataset['id']
    if (!id || !(event.shiftKey || event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    pick(id, event.shiftKey && last.current !== null)
  }

  function enter(event: KeyboardEvent) {
    if (event.key === 'Enter' && !composing(event)) document.querySelector<HTMLElement>('.conversation-pane h2')?.focus()
  }

  return (
    <>
      {view.key === 'mine' && <ShiftEnd nameOf={nameOf} />}
      <p className="sr-only" role="status">
        {label}
      </p>
      {chosen.size > 0 && (
        <ManyBar label={label} selection={selection} nameOf={nameOf} example={[...chosen][0] ?? null} verbs={ALL_VERBS} onClose={() => setChosen(NO_ROWS)} />
      )}
      <div ref={scroller} className="rows" aria-busy={loading} onKeyDown={enter} onClickCapture={(event) => (clickChosen(event), event.defaultPrevented || onClickCapture(event))}>
        {fault && (
          <p className="list-fault" role="alert">
            {fault.message}
          </p>
        )}
        {list && rows.length === 0 && <p className="list-empty quiet">{narrow ? 'Nothing matches.' : 'Nothing here. What comes in shows up by itself.'}</p>}
        <ul style={{ paddingTop: drawn.above, paddingBottom: drawn.below }}>
          {entries.slice(drawn.begin, drawn.end).map((entry, offset) => (
            <ListRow key={entry.row.id} entry={entry} index={drawn.begin + offset} view={view.key} selected={entry.row.id === selected} chosen={chosen.has(entry.row.id)} now={now} still={flood} onHeight={drawn.measure} attendance={attendance} />
          ))}
        </ul>
        {list?.more && (
          <p className="list-more">
            <Button look="bare" onClick={() => feed.more()}>
              More
            </Button>
          </p>
        )}
      </div>
    </>
  )
}

const NO_ROWS: ReadonlySet<string> = new Set()
const ALL_VERBS = ['transfer', 'assign', 'unassign', 'close'] as const

/** The chosen rows as a call names them, with the version that is shown: what changed meanwhile is refused. */
function selectionOf(chosen: ReadonlySet<string>, entries: readonly Entry[]): Selection {
  const versions = new Map(entries.map(({ row }) => [row.id, row.version]))
  return { ids: [...chosen].map((conversationId) => ({ conversationId, expectedVersion: versions.get(conversationId) ?? null })) }
}

/** What the rows of a list are called, those too that have left it. */
function useNames(entries: readonly Entry[]): (id: string) => string | null {
  const names = useRef(new Map<string, string>())
  for (const { row } of entries) names.current.set(row.id, row.subject || `Chat with ${isolated(row.contact.name ?? 'a visitor')}`)
  return (id) => names.current.get(id) ?? null
}

const NONE: Entry[] = []

const SETTLED = 150 // milliseconds without another letter

/** A text once one has stopped typing it. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** The last list there was, until there is another: a search does not blank the screen. */
function useLast(list: List | null): List | null {
  const [last, setLast] = useState(list)
  if (list !== null && list !== last) setLast(list)
  return list ?? last
}

/** Calls reach when the end of a scroller comes near. */
function useEnd(scroller: { current: HTMLElement | null }, reach: () => void) {
  const latest = useRef(reach)
  useEffect(() => {
    latest.current = reach
  })
  useEffect(() => {
    const element = scroller.current
    const scrolled = () => element && element.scrollHeight - element.scrollTop - element.clientHeight < 400 && latest.current()
    element?.addEventListener('scroll', scrolled, { passive: true })
    return () => element?.removeEventListener('scroll', scrolled)
  }, [scroller])
}
