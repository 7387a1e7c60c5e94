import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Fault } from '../../client/index'
import { useDesk } from './desk'
import { type Book, NoticeBook } from './noticeBook'
import { followNotices } from './notices'
import { go } from './place'
import { perform, type Verb } from './verbs'
import { refusalText } from './words'

/** The notices: what there are, and whether their list is open. */
export interface Notices {
  book: Book
  feed: NoticeBook
  open: boolean
  show: () => void
  hide: () => void
  /** Opens the conversation that a notice is about. */
  look: (conversationId: string) => void
}

/** Shows in the corner what one is notified of, and keeps the list of it. */
export function useNotices(place: { view: string; conversation: string | null }): Notices {
  const { connection, toasts, answers, me } = useDesk()
  const [open, setOpen] = useState(false)
  const feed = useMemo(() => new NoticeBook(connection), [connection])
  const book = useSyncExternalStore(feed.state.subscribe, feed.state.get)
  const at = useRef(place)
  useEffect(() => {
    at.current = place
  })
  useEffect(() => feed.start(), [feed])
  useEffect(() => {
    async function act(id: string, verb: Verb): Promise<boolean> {
      try {
        const { news, refusal } = await perform(connection, { id }, verb)
        answers.tell(id, news)
        if (refusal) toasts.show({ tone: 'bad', text: refusalText(refusal, me.id) })
        return refusal === null
      } catch (fault) {
        toasts.show({ tone: 'bad', text: (fault as Fault).message })
        return false
      }
    }
    const own = async (id: string, verb: Verb) => void ((await act(id, verb)) && go({ view: 'mine', conversation: id }))
    return followNotices(connection, toasts, {
      me: me.id,
      claim: (id) => void own(id, { type: 'claim' }),
      accept: (id, offerId) => void own(id, { type: 'acceptOffer', offerId }),
      decline: (id, offerId, why) => act(id, { type: 'declineOffer', offerId, why }),
      open: (id) => go({ ...at.current, conversation: id }),
      current: () => at.current.conversation,
      heard: feed.stale,
    })
  }, [connection, toasts, answers, me.id, feed])

  // What is on the screen is read.
  useEffect(() => {
    if (place.conversation && document.visibilityState === 'visible') feed.readConversation(place.conversation)
  }, [feed, place.conversation, book.items])

  return {
    book,
    feed,
    open,
    show: () => setOpen(true),
    hide: () => setOpen(false),
    look: (id) => {
      setOpen(false)
      go({ ...at.current, conversation: id })
    },
  }
}
