import { type Connection, ConversationsDocument, type Fault, InboxChangesDocument, type InboxView, Refetch, Subject } from '../../client'
import { appended, applied, type Change, forgotten, type List, listOf, shown } from './list'

export type ListState = { list: List | null; loading: boolean; fault: Fault | null }

const PAGE = 50
const FEW = 20 // with fewer rows than this on the screen the next page is fetched
const FAREWELL = 1600 // milliseconds for which a row that left is shown

/** Keeps one view right: it fetches once, and from then on only applies changes, unless some cannot be told. */
export class ListFeed {
  readonly state = new Subject<ListState>({ list: null, loading: true, fault: null })
  readonly #connection: Connection
  readonly #filter: InboxView
  readonly #farewells = new Set<ReturnType<typeof setTimeout>>()
  readonly #refetch = new Refetch<Change>((change) => this.#apply(change))
  #paging = false
  #unsubscribe: (() => void) | null = null

  constructor(connection: Connection, filter: InboxView) {
    this.#connection = connection
    this.#filter = filter
  }

  /** Begins. Answers how to end. */
  start(): () => void {
    this.#fetch()
    return () => {
      this.#unsubscribe?.()
      this.#unsubscribe = null
      this.#refetch.stop()
      this.#farewells.forEach(clearTimeout)
    }
  }

  /** Fetches the next page, if there is one. */
  async more(): Promise<void> {
    const { list } = this.state.get()
    if (!list?.more || this.#paging || this.#refetch.running) return
    this.#paging = true
    try {
      const page = await this.#page(list.end)
      this.#change((now) => (now.end === list.end ? appended(now, page) : now))
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
        this.#set({ list: listOf(page), loading: false, fault: null })
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

  #apply(change: Change) {
    this.#change((list) => applied(list, change))
    const { list } = this.state.get()
    if (change.change !== 'LEFT' || !list) return
    const farewell = setTimeout(() => {
      this.#farewells.delete(farewell)
      this.#change((now) => forgotten(now, change.conversationId!))
    }, FAREWELL)
    this.#farewells.add(farewell)
    if (shown(list).length < FEW) void this.more()
  }

  async #page(after: string | null) {
    const { conversations } = await this.#connection.execute(ConversationsDocument, { view: this.#filter, first: PAGE, after })
    return conversations
  }

  #change(step: (list: List) => List) {
    const { list } = this.state.get()
    if (list) this.#set({ list: step(list) })
  }

  #set(part: Partial<ListState>) {
    this.state.set({ ...this.state.get(), ...part })
  }
}
