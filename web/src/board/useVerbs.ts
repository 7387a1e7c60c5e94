import { useMemo, useRef, useState } from 'react'
import { Fault, newKey } from '../../client/index'
import { useDesk } from './desk'
import { reasoned } from './reasons'
import type { ThreadFeed } from './threadFeed'
import { offerUndo } from './undo'
import { perform, type Verb } from './verbs'
import { refusalText } from './words'

/** What can be done to the open conversation, but for what is written: that goes through the outbox. */
export interface Verbs {
  /** The verb under way. */
  busy: Verb['type'] | null
  /** Does it, asks why first where it takes a reason, and says so when it was refused. Resolves to whether it succeeded. While one is under way another is not begun. */
  run: (verb: Verb) => Promise<boolean>
}

/** Runs verbs on a conversation, and shows how they went. */
export function useVerbs(feed: ThreadFeed): Verbs {
  const desk = useDesk()
  const [busy, setBusy] = useState<Verb['type'] | null>(null)
  const running = useRef(false)
  // Of the last try, until it is answered: the same again is the same request.
  const tried = useRef({ what: '', key: '' })
  const run = useMemo(() => {
    const { connection, toasts, me } = desk
    return async (asked: Verb) => {
      const seen = feed.state.get().thread?.conversation
      if (!seen || running.current) return false
      running.current = true
      const verb = await reasoned(desk, seen, asked)
      if (!verb) {
        running.current = false
        return false
      }
      setBusy(verb.type)
      const what = JSON.stringify([seen.id, seen.version, verb])
      if (tried.current.what !== what) tried.current = { what, key: newKey() }
      try {
        const { news, refusal, warnings } = await perform(connection, seen, verb, tried.current.key)
        tried.current = { what: '', key: '' }
        feed.tell(news)
        for (const warning of warnings) toasts.show({ tone: 'plain', text: warning })
        if (refusal) toasts.show({ tone: 'bad', text: refusalText(refusal, me.id) })
        else offerUndo(desk, seen, verb, news)
        return refusal === null
      } catch (error) {
        toasts.show({ tone: 'bad', text: error instanceof Fault ? error.message : String(error) })
        return false
      } finally {
        running.current = false
        setBusy(null)
      }
    }
  }, [desk, feed])
  return { busy, run }
}
