import { type Connection, ConversationDocument, ConversationUpdatesDocument, EarlierMessagesDocument, Fault, Refetch, Subject } from '../../client/index'
import { type News, type Thread, threadOf, withEarlier, withNews } from './thread'

export type ThreadState = { thread: Thread | null; fault: Fault | null }

const MESSAGES = 50
const EVENTS = 50

/** Keeps one open conversation right. */
export class ThreadFeed {
  readonly state = new Subject<ThreadState>({ thread: null, fault: null })
  readonly #connection: Connection
  readonly #id: string
  readonly #refetch = new Refetch<News>((news) => this.#change((thread) => withNews(thread, news)))

  constructor(connection: Connection, id: string) {
    this.#connection = connection
    this.#id = id
  }

  /** Begins. Answers how to end. */
  start(): () => void {
    const unsubscribe = this.#connection.subscribe(
      ConversationUpdatesDocument,
      { id: this.#id, after: this.#connection.position() ?? null },
      {
        next: ({ conversationUpdates: { conversation, message, receipt, event, accessLost } }) =>
          this.tell({ conversation, message, receipt, event, ...(accessLost && { lost: true }) }),
        missed: () => this.#load(),
        ended: (fault) => fault && !this.state.get().thread && this.state.set({ thread: null, fault }),
      },
    )
    this.#load()
    return () => {
      unsubscribe()
      this.#refetch.stop()
    }
  }

  /** Takes in what a verb answered, or the stream told. */
  tell(news: News): void {
    this.#refetch.heard(news)
  }

  /** Fetches it again: what the viewer may do has changed. */
  refresh(): void {
    this.#load()
  }

  /** Fetches earlier messages, if there are any. Without an answer nothing changes. */
  async earlier(): Promise<void> {
    const { thread } = this.state.get()
    if (!thread?.earlier) return
    const variables = { id: this.#id, last: MESSAGES, before: thread.earlier }
    const { conversation } = await this.#connection.execute(EarlierMessagesDocument, variables).catch(() => ({ conversation: null }))
    if (conversation) this.#change((now) => withEarlier(now, conversation.messages))
  }

  #load() {
    void this.#refetch.run(
      () => this.#connection.execute(ConversationDocument, { id: this.#id, messages: MESSAGES, events: EVENTS }),
      ({ conversation }) =>
        this.state.set(
          conversation
            ? { thread: threadOf(conversation), fault: null }
            : { thread: null, fault: new Fault('It does not exist, or you may not see it.', 'NOT_FOUND') },
        ),
      (fault) => this.state.set({ ...this.state.get(), fault }),
    )
  }

  #change(step: (thread: Thread) => Thread) {
    const { thread, fault } = this.state.get()
    if (thread) this.state.set({ thread: step(thread), fault })
  }
}
