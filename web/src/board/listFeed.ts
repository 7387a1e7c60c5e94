import { type Connection, ConversationsDocument, type Fault, InboxChangesDocument, type InboxView, Refetch, Subject } from '../../client'
import { allApplied, appended, type Change, forgotten, type List, listOf, NEWEST, type Order, shown } from './list'

export type ListState = { list: List | null; loading: boolean; fault: Fault | null; flood: boolean }

const PAGE = 50
const FEW = 20 // with fewer rows than this on the screen the next page is fetched
const FAREWELL = 1600 // milliseconds for which a row that left is shown
const GATHERED = 100 // milliseconds: what comes faster is shown together
const FLOOD = 4 // changes at once that nobody can follow row by row

/** Keeps one view right: it fetches once, and from then on only applies changes, unless some cannot be told. */
export class ListFeed {
  readonly state = new Subject<ListState>({ list: null, loading: true, fault: null, flood: false })
  readonly #connection: Connection
  readonly #filter: InboxView
  readonly #order: Order
  readonly #refetch = new Refetch<Change>((change) => this.#take(change))
  #changes: Change[] = []
  #shownAt: number | null = null // nothing was shown yet; the clock of a page begins at 0
  #due: ReturnType<typeof setTimeout> | undefined
  /** When each row that left is to be forgotten, by its id. */
  readonly #farewells = new Map<string, number>()
  #farewell: ReturnType<typeof setTimeout> | undefined
  #paging = false
  #unsubscribe: (() => void) | null = null

  constructor(connection: Connection, filter: InboxView, order = NEWEST) {
    this.#connection = connection
    this.#filter = filter
    this.#order = order
  }

  /** Begins. Answers how to end. */
  start(): () => void {
    this.#fetch()
    return () => {
      this.#unsubscribe?.()
      this.#unsubscribe = null
      this.#refetch.stop()
      clearTimeout(this.#due)
      clearTimeout(this.#farewell)
      this.#due = this.#farewell = undefined
    }
  }

  /** Fetches the next page, if there is one. */
  async more(): Promise<void> {
    const { list } = this.state.get()
    if (!list?.more || this.#paging || this.#refetch.running) return
    this.#paging = true
    try {
      const page = await this.#page(list.end)
      this.#show() // what was told before the page came is older than it
      this.#change((now) => (now.end === list.end ? appended(now, page) : now))
      this.#set({ fault: null })
    } catch (fault) {
      this.#set({ fault: fault as Fault })
    } finally {
      this.#paging = false
    }
  }

  #fetch() {
    this.#set({ loading: true })
    void this.#refetch.run(
      () => this.#page(null),
      (page) => {
        this.#changes = []
        this.#set({ list: listOf(page, this.#order), loading: false, fault: null })
        this.#follow(page.liveCursor)
      },
      (fault) => this.#set({ loading: false, fault }),
    )
  }

  // Behind the place of the first page nothing falls between. A server that has just started
  // cannot name one: then what is fetched once more, with the stream begun, is whole.
  #follow(after: string | null) {
    if (this.#unsubscribe) return
    this.#unsubscribe = this.#connection.subscribe(InboxChangesDocument, { view: this.#filter, after }, {
      next: ({ inboxChanges }) => this.#refetch.heard(inboxChanges),
      missed: () => this.#fetch(),
      ended: (fault) => fault && this.#set({ fault }),
    })
    if (after === null) this.#fetch()
  }

  // The first change after a quiet moment is shown at once; what follows closely waits for its company.
  #take(change: Change) {
    this.#changes.push(change)
    const wait = this.#shownAt === null ? 0 : Math.max(0, this.#shownAt + GATHERED - performance.now())
    this.#due ??= setTimeout(() => this.#show(), wait)
  }

  #show() {
    clearTimeout(this.#due)
    this.#due = undefined
    const changes = this.#changes.splice(0)
    if (changes.length === 0) return
    this.#shownAt = performance.now()
    this.#change((list) => allApplied(list, changes), changes.length >= FLOOD)
    for (const { change, conversationId } of changes) if (change === 'LEFT' && conversationId) this.#farewells.set(conversationId, this.#shownAt + FAREWELL)
    this.#farewell ??= this.#farewells.size > 0 ? setTimeout(() => this.#forget(), FAREWELL) : undefined
    const { list } = this.state.get()
    if (list && shown(list).length < FEW) void this.more()
  }

  #forget() {
    this.#farewell = undefined
    const now = performance.now()
    const due = [...this.#farewells].filter(([, at]) => at <= now).map(([id]) => id)
    for (const id of due) this.#farewells.delete(id)
    this.#change((list) => due.reduce(forgotten, list))
    const [next] = this.#farewells.values()
    if (next !== undefined) this.#farewell = setTimeout(() => this.#forget(), Math.max(GATHERED, next - now))
  }

  async #page(after: string | null) {
    const { conversations } = await this.#connection.execute(ConversationsDocument, { view: this.#filter, orderBy: this.#order, first: PAGE, after })
    return conversations
  }

  #change(step: (list: List) => List, flood = false) {
    const { list } = this.state.get()
    if (list) this.#set({ list: step(list), flood })
  }

  #set(part: Partial<ListState>) {
    this.state.set({ ...this.state.get(), ...part })
  }
}
