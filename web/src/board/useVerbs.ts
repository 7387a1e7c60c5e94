import { useMemo, useState } from 'react'
import { Fault } from '../../client'
import { useDesk } from './desk'
import { go } from './place'
import type { ThreadFeed } from './threadFeed'
import { type Outcome, perform, undo, type Verb } from './verbs'
import { refusalText } from './words'

/** What can be done to the open conversation. */
export interface Verbs {
  /** The verb under way. */
  busy: Verb['type'] | null
  /** Does it and says so when it was refused. Resolves to whether it succeeded. */
  run: (verb: Verb) => Promise<boolean>
}

const CAN_UNDO = new Set<Verb['type']>(['transfer', 'takeOver'])
const UNDO_FOR = 10_000

/** Runs verbs on a conversation, and tells how they went. */
export function useVerbs(feed: ThreadFeed, view: string): Verbs {
  const desk = useDesk()
  const [busy, setBusy] = useState<Verb['type'] | null>(null)
  return useMemo(() => {
    const { connection, toasts, me } = desk

    function tell({ news, refusal, warnings, begun }: Outcome) {
      feed.tell(news)
      if (refusal) toasts.show({ tone: 'bad', text: refusalText(refusal, me.id) })
      for (const warning of warnings) toasts.show({ tone: 'plain', text: warning })
      if (begun) go({ view, conversation: begun })
      return refusal === null
    }

    async function attempt(what: () => Promise<Outcome>) {
      try {
        const outcome = await what()
        return { outcome, done: tell(outcome) }
      } catch (error) {
        toasts.show({ tone: 'bad', text: error instanceof Fault ? error.message : String(error) })
        return { outcome: null, done: false }
      }
    }

    function offerUndo(eventId: string, verb: Verb) {
      const conversation = feed.state.get().thread?.conversation
      const detail = conversation ? [conversation.subject, conversation.contact.name ?? 'A visitor'].filter(Boolean).join(' · ') : ''
      const text = verb.type === 'transfer' ? 'Transferred.' : 'You own it now.'
      toasts.show({ id: `undo:${eventId}`, tone: 'good', text, detail, pinned: true, action: { label: 'Undo', run: () => void attempt(() => undo(connection, eventId)) } }, UNDO_FOR)
    }

    async function run(verb: Verb) {
      const seen = feed.state.get().thread?.conversation
      if (!seen) return false
      setBusy(verb.type)
      const { outcome, done } = await attempt(() => perform(connection, seen, verb))
      setBusy(null)
      if (done && outcome?.news.event && CAN_UNDO.has(verb.type)) offerUndo(outcome.news.event.id, verb)
      return done
    }
    return { busy, run }
  }, [desk, feed, view, busy])
}
