import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { useDesk } from './desk'
import { type List, shown } from './list'
import { ListFeed } from './listFeed'
import { ListRow } from './ListRow'
import { go } from './place'
import { useNow } from '../design/time'
import { composing } from '../design/keyboard'
import { useKeptScroll } from '../design/scroll'
import { useKept } from '../design/useKept'
import { useStill } from './still'
import { useMoves } from './useMoves'
import { useShortcuts } from './useShortcuts'
import { type KindFilter, narrowed, type View } from './views'
import './list.css'

interface Props {
  view: View
  count: number | undefined
  selected: string | null
  onMenu: () => void
}

const KINDS: [KindFilter, string][] = [
  ['ALL', 'All'],
  ['LIVECHAT', 'Chats'],
  ['TICKET', 'Tickets'],
]

/** One view, live. */
export function ListPane({ view, count, selected, onMenu }: Props) {
  const { me } = useDesk()
  const [kind, setKind] = useKept<KindFilter>(`kind:${me.id}/${view.key}`, 'ALL')
  const [search, setSearch] = useKept<string>(`search:${me.id}/${view.key}`, '')
  const words = useSettled(search.trim())
  const field = useRef<HTMLInputElement>(null)
  useShortcuts({ search: () => field.current?.focus() })
  return (
    <section className="list-pane" aria-label={view.label}>
      <header>
        <Button look="bare" icon="menu" className="menu-button" aria-label="Views" onClick={onMenu} />
        <h1>{view.label}</h1>
        {count !== undefined && kind === 'ALL' && !words && <span className="quiet">{count}</span>}
        <fieldset className="kinds">
          <legend className="sr-only">Kind</legend>
          {KINDS.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="kind" checked={kind === value} onChange={() => setKind(value)} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
      </header>
      <label className="search">
        <Icon name="search" size={14} />
        <input
          ref={field}
          type="search"
          dir="auto"
          placeholder="Search subject or visitor"
          aria-label="Search subject or visitor"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && !composing(event) && event.currentTarget.blur()}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <Rows view={view} kind={kind} search={words} selected={selected} />
    </section>
  )
}

interface RowsProps {
  view: View
  kind: KindFilter
  search: string
  selected: string | null
}

function Rows({ view, kind, search, selected }: RowsProps) {
  const { connection } = useDesk()
  const feed = useMemo(() => new ListFeed(connection, narrowed(view.filter, kind, search)), [connection, view.filter, kind, search])
  useEffect(() => feed.start(), [feed])
  const { list: loaded, loading, fault } = useSyncExternalStore(feed.state.subscribe, feed.state.get)
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const { still: list, onClickCapture } = useStill(useLast(loaded), scroller, feed)
  useMoves(scroller, list)
  useEnd(scroller, () => void feed.more())
  useKeptScroll(scroller, `${view.key}/${kind}/${search}`, loaded ? (loaded.more ? () => void feed.more() : 'all') : 'none')

  const rows = list ? shown(list) : []
  function step(by: number) {
    const at = rows.findIndex(({ id }) => id === selected)
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (!next) return
    go({ view: view.key, conversation: next.id })
    scroller.current?.querySelector<HTMLElement>(`[data-id="${next.id}"] a`)?.focus()
  }
  useShortcuts({ next: () => step(1), previous: () => step(-1) })

  function enter(event: KeyboardEvent) {
    if (event.key === 'Enter' && !composing(event)) document.querySelector<HTMLElement>('.conversation-pane h2')?.focus()
  }

  return (
    <div ref={scroller} className="rows" aria-busy={loading} onKeyDown={enter} onClickCapture={onClickCapture}>
      {fault && (
        <p className="list-fault" role="alert">
          {fault.message}
        </p>
      )}
      {list && rows.length === 0 && <p className="list-empty quiet">{search ? 'Nothing matches.' : 'Nothing here. What comes in shows up by itself.'}</p>}
      <ul>
        {list?.entries.map((entry) => (
          <ListRow key={entry.row.id} entry={entry} view={view.key} selected={entry.row.id === selected} now={now} />
        ))}
      </ul>
      {list?.more && (
        <p className="list-more">
          <Button look="bare" onClick={() => void feed.more()}>
            More
          </Button>
        </p>
      )}
    </div>
  )
}

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
