import { type AnsweredFragment, type Connection, Fault, MarkDeliveredDocument, MarkReadDocument, Refetch, SayAgainDocument, SayAnewDocument, SayDocument, Subject, VisitDocument, VisitingDocument } from '../../client/index'
import { Receipts } from './receipts'
import { type Chat, chatOf, type News, withEarlier, withNews } from './chat'

export interface ChatState {
  chat: Chat | null
  fault: Fault | null
}

/** Sends here, opens it again with what is sent, or starts another chat. */
export type Way = 'say' | 'again' | 'anew'

const PAGE = 50

/** Keeps one chat right for its visitor. */
export class ChatFeed {
  readonly state = new Subject<ChatState>({ chat: null, fault: null })
  readonly #connection: Connection
  readonly #id: string
  readonly #after: string | null
  readonly #receipts = new Receipts(
    (kind, id) => (kind === 'read' ? this.#connection.execute(MarkReadDocument, { id }) : this.#connection.execute(MarkDeliveredDocument, { id })),
    () => globalThis.document?.visibilityState === 'visible',
  )
  readonly #refetch = new Refetch<News>((news) => this.#change((chat) => withNews(chat, news)))

  /** after is a place in the stream from before what will be fetched. */
  constructor(connection: Connection, id: string, after: string | null) {
    this.#connection = connection
    this.#id = id
    this.#after = after
  }

  /** Begins. Answers how to end. */
  start(): () => void {
    const stop = this.#connection.subscribe(VisitingDocument, { id: this.#id, after: this.#after }, {
      next: ({ conversationUpdates: { conversation, message } }) => this.#refetch.heard({ conversation, message }),
      missed: () => this.#load(),
      ended: (fault) => this.#failed(fault ?? new Fault('This chat can no longer be seen from here.', 'NOT_FOUND')),
    })
    this.#load()
    const unheard = this.state.subscribe(() => this.#receipts.heard(this.state.get().chat?.messages ?? []))
    const seen = () => void this.#receipts.report()
    globalThis.document?.addEventListener('visibilitychange', seen)
    return () => {
      unheard()
      globalThis.document?.removeEventListener('visibilitychange', seen)
      stop()
      this.#refetch.stop()
    }
  }

  /** Fetches earlier messages, if there are any. Without an answer nothing changes. */
  async earlier(): Promise<void> {
    const before = this.state.get().chat?.earlier
    if (!before) return
    const { conversation } = await this.#connection.execute(VisitDocument, { id: this.#id, messages: PAGE, before }).catch(() => ({ conversation: null }))
    if (conversation) this.#change((now) => (now.earlier === before ? withEarlier(now, conversation.messages) : now))
  }

  /** Sends. Answers what came of it, or rejects with a Fault. The same key again is the same message. */
  async send(way: Way, body: string, idempotencyKey: string): Promise<AnsweredFragment> {
    const answer = await this.#ask(way, { conversationId: this.#id, body, idempotencyKey })
    const [refusal] = answer.userErrors
    if (refusal) throw new Fault(refusal.message, refusal.code)
    // The state that comes with it may be older than what the stream told meanwhile.
    if (way !== 'anew') this.#refetch.heard({ message: answer.message })
    return answer
  }

  async #ask(way: Way, input: { conversationId: string; body: string; idempotencyKey: string }): Promise<AnsweredFragment> {
    const { execute } = this.#connection
    switch (way) {
      case 'say':
        return (await execute(SayDocument, { input })).sendMessage
      case 'again':
        return (await execute(SayAgainDocument, { input })).reopenAndReply
      case 'anew':
        return (await execute(SayAnewDocument, { input })).startNewConversation
    }
  }

  #load() {
    void this.#refetch.run(
      () => this.#connection.execute(VisitDocument, { id: this.#id, messages: PAGE, before: null }),
      ({ conversation }) => {
        if (conversation) this.state.set({ chat: chatOf(conversation), fault: null })
        else this.#failed(new Fault('This chat is not there any more.', 'NOT_FOUND'))
      },
      (fault) => this.#failed(fault),
    )
  }

  #failed(fault: Fault) {
    this.state.set({ ...this.state.get(), fault })
  }

  #change(step: (chat: Chat) => Chat) {
    const { chat, fault } = this.state.get()
    if (chat) this.state.set({ chat: step(chat), fault })
  }
}
