import type { Connection } from './connection.js'
import type { Fault } from './faults.js'
import { ConversationsDocument, InboxChangesDocument, type InboxView, type RowFragment, type TypedDocumentString } from './generated/graphql.js'
import { allApplied, appended, type Change, forgotten, type List, type Listed, listOf, NEWEST, type Order, type Page, shown, trimmed } from './list.js'
import { passes, Refetch } from './refetch.js'
import { seconds } from './resume.js'
import { type Observable, Subject } from './state.js'

/** A page with its place in the streams. */
export type LivePage<Row extends Listed> = Page<Row> & { liveCursor: string | null }
type PageVariables = { view: InboxView; orderBy?: Order | null; first: number; after?: string | null }

/** The operations of a list: your own, to show other fields. Both name the fields that Listed names, and the variables of those that are used otherwise. */
export interface ListDocuments<Row extends Listed> {
  page: TypedDocumentString<{ conversations: LivePage<Row> }, PageVariables>
  changes: TypedDocumentString<{ inboxChanges: Change<Row> }, { view: InboxView; after?: string | null }>
}

export interface ListOptions<Row extends Listed> {
  /** Newest activity first if omitted. */
  orderBy?: Order
  /** How many rows are wanted at first, and how many more() adds. 50 if omitted; the server sends at most 100 in a page. */
  first?: number
  documents?: ListDocuments<Row>
  /** More rows are fetched if fewer than this are held and the view has more. As many as are wanted if omitted. */
  few?: number
  /** Milliseconds for which changes that follow one closely wait, to be shown together. 0 if omitted: each is shown at once. */
  gather?: number
  /** Milliseconds for which an entry that left stays, with its reason. 0 if omitted. */
  farewell?: number
  /** How long to wait before the attempt'th try, from 0, to fetch from a server that is away. */
  wait?: (attempt: number) => Promise<void>
}

/** What a list shows at a moment. */
export interface ListState<Row extends Listed> {
  /** In order, as many as are wanted: what the server would answer if it were asked for so many now. The same array while nothing changes. */
  rows: readonly Row[]
  /** Whether the view may have more rows than these. */
  more: boolean
  /** Whether rows are being fetched, or will be as soon as the server is back. */
  loading: boolean
  /** What is wrong. A NETWORK fault passes by itself. */
  fault: Fault | null
  /** True if nothing more will come: the caller lost the right to see the view, or the token is refused. */
  over: boolean
  /** All that is held, with what changed lately, for a screen that shows changes. Null until the first page is there. */
  list: List<Row> | null
  /** Whether so much changed at once that nobody can follow it row by row. */
  flood: boolean
}

const PAGE = 50
const MOST = 100 // rows of a page, for the server
const SPARE = 100 // entries that are held beyond those fetched
const FLOOD = 4 // changes at once that nobody can follow row by row

/** A view as an array that stays right: it fetches once, and then applies changes, unless some cannot be delivered. */
export class LiveList<Row extends Listed = RowFragment> implements Observable<readonly Row[]> {
  readonly state = new Subject<ListState<Row>>({ rows: [], more: false, loading: true, fault: null, over: false, list: null, flood: false })
  readonly #connection: Connection
  readonly #view: InboxView
  readonly #options: ListOptions<Row>
  readonly #documents: ListDocuments<Row>
  readonly #order: Order
  readonly #first: number
  readonly #wait: (attempt: number) => Promise<void>
  readonly #refetch: Refetch<never>
  /** What was delivered while rows are being fetched: it is applied to them as well. */
  #told: Change<Row>[] = []
  #wanted: number
  #most = SPARE
  #answer: { conversations: LivePage<Row> } | null = null
  #changes: Change<Row>[] = []
  #shownAt: number | null = null // nothing was shown yet; the clock of a page begins at 0
  #due: ReturnType<typeof setTimeout> | undefined
  /** When each row that left is to be forgotten, by its id. */
  readonly #farewells = new Map<string, number>()
  #farewell: ReturnType<typeof setTimeout> | undefined
  #unsubscribe: (() => void) | null = null
  #ended = false

  constructor(connection: Connection, view: InboxView, options: ListOptions<Row> = {}) {
    this.#connection = connection
    this.#view = view
    this.#options = options
    this.#documents = options.documents ?? (OWN as unknown as ListDocuments<Row>)
    this.#order = options.orderBy ?? NEWEST
    this.#wanted = this.#first = options.first ?? PAGE
    this.#wait = options.wait ?? seconds
    this.#refetch = new Refetch(() => {}, this.#wait)
  }

  /** The rows now. */
  readonly get = (): readonly Row[] => this.state.get().rows

  /** Calls listener after each change. Returns how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => this.state.subscribe(listener)

  /** The whole answer of the page's document as the server would give it now: its rows are those of get(). Null until the first page is there. */
  readonly answer = (): { conversations: LivePage<Row> } | null => {
    const { rows, more } = this.state.get()
    const { conversations } = this.#answer ?? {}
    return conversations ? { ...this.#answer, conversations: { ...conversations, nodes: [...rows], pageInfo: { ...conversations.pageInfo, hasNextPage: more } } } : null
  }

  /** Begins. Returns how to end, after which it may begin again. */
  start(): () => void {
    this.#ended = false
    this.#fetch()
    return () => this.close()
  }

  /** Ends: nothing is fetched or followed any more, and the rows stay as they are. */
  readonly close = (): void => {
    this.#ended = true
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#refetch.stop()
    this.#told = []
    clearTimeout(this.#due)
    clearTimeout(this.#farewell)
    this.#due = this.#farewell = undefined
  }

  /** Wants as many rows more as at first. Does nothing while rows are being fetched, or if there are no more. */
  readonly more = (): void => {
    if (!this.state.get().more || this.#refetch.running || this.#ended) return
    this.#wanted += this.#first
    this.#set({})
    this.#refill()
  }

  /** Fetches what is wanted and not held. */
  #refill() {
    const { list } = this.state.get()
    if (!list?.more || this.#refetch.running || shown(list).length >= Math.min(this.#wanted, this.#options.few ?? this.#wanted)) return
    if (list.end === null) return this.#fetch()
    this.#run(list.end, this.#first, (page) => appended(this.state.get().list ?? list, page))
  }

  #fetch() {
    this.#run(null, this.#wanted, (page) => {
      if (page.liveCursor !== null) this.#follow(page.liveCursor)
      else if (!this.#unsubscribe) void this.#again()
      return listOf(page, this.#order)
    })
  }

  // A server that has just started cannot name a place to follow from: what is fetched when it can is whole.
  async #again() {
    await this.#wait(0)
    if (!this.#ended && !this.#refetch.running) this.#fetch()
  }

  #run(after: string | null, count: number, listed: (page: LivePage<Row>) => List<Row>) {
    this.#set({ loading: true })
    this.#told = [] // by an earlier fetch that this one overtakes
    const answered = (page: LivePage<Row>) => {
      this.#apply() // what was delivered before it was asked for is older than it
      const list = listed(page)
      this.#most = list.entries.length + SPARE
      this.#set({ list: this.#kept(allApplied(list, this.#told.splice(0))), loading: false, fault: null })
      this.#refill()
    }
    void this.#refetch.run(() => this.#read(after, count), answered, (fault) => (passes(fault) ? this.#set({ fault }) : this.#over(fault)))
  }

  #follow(after: string) {
    this.#unsubscribe ??= this.#connection.subscribe(this.#documents.changes, { view: this.#view, after }, {
      next: ({ inboxChanges }) => this.#take(inboxChanges),
      missed: () => this.#fetch(),
      ended: (fault) => this.#over(fault ?? null),
    })
  }

  /** What may no longer be seen is not shown any more. */
  #over(fault: Fault | null) {
    this.close()
    if (fault?.code === 'PERMISSION_DENIED') this.#set({ list: listOf({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }, this.#order) })
    this.#set({ loading: false, fault, over: true })
  }

  // The first change after a quiet moment is shown at once; what follows closely waits for its company.
  #take(change: Change<Row>) {
    if (this.#refetch.running) this.#told.push(change)
    this.#changes.push(change)
    const { gather = 0 } = this.#options
    if (gather === 0) return this.#show()
    const wait = this.#shownAt === null ? 0 : Math.max(0, this.#shownAt + gather - performance.now())
    this.#due ??= setTimeout(() => this.#show(), wait)
  }

  #show() {
    this.#apply()
    this.#refill()
  }

  #apply() {
    clearTimeout(this.#due)
    this.#due = undefined
    const changes = this.#changes.splice(0)
    if (changes.length === 0) return
    this.#shownAt = performance.now()
    this.#change((list) => this.#kept(allApplied(list, changes)), changes.length >= FLOOD)
    this.#sayFarewell(changes, this.#shownAt)
  }

  #sayFarewell(changes: readonly Change<Row>[], now: number) {
    const { farewell = 0 } = this.#options
    const left = changes.flatMap(({ change, conversationId }) => (change === 'LEFT' && conversationId ? [conversationId] : []))
    if (farewell === 0) return
    for (const id of left) this.#farewells.set(id, now + farewell)
    this.#farewell ??= this.#farewells.size > 0 ? setTimeout(() => this.#forget(), farewell) : undefined
  }

  #forget() {
    this.#farewell = undefined
    const now = performance.now()
    const due = [...this.#farewells].filter(([, at]) => at <= now).map(([id]) => id)
    for (const id of due) this.#farewells.delete(id)
    this.#change((list) => due.reduce(forgotten, list))
    const [next] = this.#farewells.values()
    if (next !== undefined) this.#farewell = setTimeout(() => this.#forget(), Math.max(this.#options.gather ?? 0, next - now))
  }

  /** Reads so many rows, in as many pages as it takes. What moves between two of them is delivered by the stream. */
  async #read(after: string | null, count: number): Promise<LivePage<Row>> {
    const whole = await this.#page(after, Math.min(MOST, count))
    while (whole.nodes.length < count && whole.pageInfo.hasNextPage) {
      const next = await this.#page(whole.pageInfo.endCursor, Math.min(MOST, count - whole.nodes.length))
      whole.nodes = [...whole.nodes, ...next.nodes]
      whole.pageInfo = next.pageInfo
    }
    return whole
  }

  async #page(after: string | null, first: number): Promise<LivePage<Row>> {
    const answer = await this.#connection.execute(this.#documents.page, { view: this.#view, orderBy: this.#order, first, after })
    this.#answer = answer
    return { ...answer.conversations }
  }

  /** What is held of a list: no more than the bound, and what left it only if it is to be shown for a moment. */
  #kept(list: List<Row>): List<Row> {
    const held = this.#options.farewell ? list : settled(list)
    return held.entries.length > this.#most ? trimmed(held, this.#most) : held
  }

  #change(step: (list: List<Row>) => List<Row>, flood = false) {
    const { list } = this.state.get()
    if (list) this.#set({ list: step(list), flood })
  }

  #set(part: Partial<ListState<Row>>) {
    const before = this.state.get()
    const after = { ...before, ...part }
    const all = after.list ? shown(after.list) : []
    const rows = all.slice(0, this.#wanted)
    const same = rows.length === before.rows.length && rows.every((row, at) => row === before.rows[at])
    this.state.set({ ...after, rows: same ? before.rows : rows, more: all.length > rows.length || Boolean(after.list?.more) })
  }
}

const OWN = { page: ConversationsDocument, changes: InboxChangesDocument }

/** The list without what has left it. */
const settled = <Row extends Listed>(list: List<Row>): List<Row> => ({ ...list, entries: list.entries.filter(({ leaving }) => leaving === null) })
