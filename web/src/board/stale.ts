import { useState } from 'react'
import { isolated } from '../design/text'
import { useRest } from '../design/rest'
import type { Opened } from './thread'

/** What the choices that a person has open were offered for: who owned a conversation, and whether it was closed. */
export const offeredFor = ({ assignee, status }: Pick<Opened, 'assignee' | 'status'>): string => `${assignee?.id ?? ''} ${status === 'CLOSED'}`

/** What has changed since then, in words, for the person who chose. */
export function changedSince({ assignee, status }: Pick<Opened, 'assignee' | 'status'>, myId: string): string {
  if (status === 'CLOSED') return 'This conversation has been closed meanwhile.'
  if (!assignee) return 'Nobody owns this conversation any more.'
  return `${assignee.id === myId ? 'You own' : `${isolated(assignee.name)} owns`} this conversation now.`
}

/**
 * Asks once when what is so now is not what choices were offered for: sure says whether to go on. A press that is made before the
 * question could be read is no answer to it.
 */
export function useSure(now: string): { asked: boolean; sure: () => boolean } {
  const [known, setKnown] = useState(now)
  const [asked, setAsked] = useState(false)
  const resting = useRest(`${now} ${known} ${asked}`)
  function sure() {
    if (now === known) return !(asked && resting)
    setKnown(now)
    setAsked(true)
    return false
  }
  return { asked: asked && now === known, sure }
}
