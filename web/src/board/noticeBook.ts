import { type Connection, MarkNotificationsReadDocument, NotificationListDocument, Subject } from '../../client/index'
import type { Told } from './notices'

export interface Book {
  /** Newest first. */
  items: Told[]
  unread: number
  /** Where older ones begin; null when all are here. */
  older: string | null
  /** The place of the newest. */
  newest: string | null
}

const PAGE = 30
const GATHERED = 300 // milliseconds: what comes faster is fetched together

type Marks = { ids: string[] } | { upTo: string }

/** The list of what one was notified of, with what is unread. */
export class NoticeBook {
  readonly state = new Subject<Book>({ items: [], unread: 0, older: null, newest: null })
  readonly #connection: Connection
  #due: ReturnType<typeof setTimeout> | undefined
  #asked = 0
  #stopped = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Begins. Answers how to end. */
  start(): () => void {
    this.#stopped = false
    void this.#load()
    return () => {
      this.#stopped = true
      clearTimeout(this.#due)
      this.#due = undefined
    }
  }

  /** Something was told that the list does not have. */
  readonly stale = (): void => {
    if (this.#stopped) return
    this.#due ??= setTimeout(() => {
      this.#due = undefined
      void this.#load()
    }, GATHERED)
  }

  /** Fetches the page behind the last one. */
  async more(): Promise<void> {
    const { older } = this.state.get()
    if (!older) return
    const page = await this.#ask(older)
    if (!page) return
    const now = this.state.get()
    const known = new Set(now.items.map(({ id }) => id))
    this.state.set({ ...now, items: [...now.items, ...page.nodes.filter(({ id }) => !known.has(id))], older: endOf(page) })
  }

  /** Marks as read what the list has about a conversation. */
  readConversation(id: string): void {
    const ids = this.state.get().items.filter((told) => !told.read && told.conversation.id === id).map((told) => told.id)
    if (ids.length > 0) void this.#mark({ ids: ids.slice(0, 100) }, (told) => told.conversation.id === id)
  }

  /** Marks all of them as read. What comes later stays unread. */
  readAll(): void {
    const { newest } = this.state.get()
    if (newest) void this.#mark({ upTo: newest }, () => true)
  }

  async #mark(input: Marks, which: (told: Told) => boolean) {
    const now = this.state.get()
    this.state.set({ ...now, items: now.items.map((told) => (which(told) ? { ...told, read: true } : told)) })
    try {
      const { markNotificationsRead: answer } = await this.#connection.execute(MarkNotificationsReadDocument, { input })
      this.state.set({ ...this.state.get(), unread: answer.unreadCount })
    } catch {
      this.stale() // what the server has holds
    }
  }

  async #load() {
    const mine = ++this.#asked
    const page = await this.#ask(null)
    if (!page || mine !== this.#asked) return
    // Older pages that were fetched stay, as far as they join the first.
    const { items } = this.state.get()
    const at = items.findIndex(({ id }) => id === page.nodes.at(-1)?.id)
    const tail = at < 0 ? [] : items.slice(at + 1)
    const older = tail.length > 0 ? this.state.get().older : endOf(page)
    this.state.set({ items: [...page.nodes, ...tail], unread: page.unreadCount, older, newest: page.pageInfo.startCursor })
  }

  async #ask(after: string | null) {
    try {
      const { notifications } = await this.#connection.execute(NotificationListDocument, { first: PAGE, after })
      return this.#stopped ? null : notifications
    } catch {
      return null // the stream says it missed something when it is back
    }
  }
}

const endOf = ({ pageInfo }: { pageInfo: { hasNextPage: boolean; endCursor: string | null } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null)
