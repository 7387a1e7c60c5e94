import { useEffect, useState, useSyncExternalStore } from 'react'
import { Attending, AttentionDocument, type AttentionScope, type AttendedFragment, type Connection, Subject } from '../../client/index'
import { nameOf } from './told'
import { isolated } from './text'

export type Attended = AttendedFragment['present'][number]

export const NOBODY: readonly Attended[] = []

/** Who else is at conversations now, live. */
export class Attendance {
  readonly state = new Subject<Readonly<Record<string, readonly Attended[]>>>({})
  readonly #connection: Connection
  readonly #of: AttentionScope

  constructor(connection: Connection, of: AttentionScope) {
    this.#connection = connection
    this.#of = of
  }

  /** Begins. Answers how to end. */
  start(): () => void {
    return this.#connection.subscribe(AttentionDocument, { of: this.#of }, {
      next: ({ attention: { complete, conversations } }) => {
        const now = { ...(complete ? {} : this.state.get()) }
        for (const { conversationId, present } of conversations) {
          if (present.length > 0) now[conversationId] = present
          else delete now[conversationId]
        }
        this.state.set(now)
      },
      missed: () => this.state.set({}),
      ended: () => this.state.set({}),
    })
  }
}

/** Who is at one of the conversations. */
export function usePresent(attendance: Attendance, id: string): readonly Attended[] {
  return useSyncExternalStore(attendance.state.subscribe, () => attendance.state.get()[id] ?? NOBODY)
}

/** Shows others what one does at a conversation, while the page is in front. */
export function useAttending(connection: Connection, id: string, options: { window?: string; typingOnly?: boolean }): Attending | null {
  const { window: name, typingOnly } = options
  const [attending, setAttending] = useState<Attending | null>(null)
  useEffect(() => {
    const now = new Attending(connection, id, { ...(name && { window: name }), ...(typingOnly && { typingOnly }) })
    setAttending(now)
    const seen = () => now.shows(document.visibilityState === 'visible')
    seen()
    document.addEventListener('visibilitychange', seen)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      now.close()
    }
  }, [connection, id, name, typingOnly])
  return attending
}

const DOES = { VIEWING: 'is looking at this', DRAFTING: 'has begun a reply', TYPING: 'is typing' } as const

/** What somebody does, in words, such as "is typing a note". */
export const does = ({ kind, internal }: Attended): string => (internal ? (kind === 'TYPING' ? 'is typing a note' : 'has begun a note') : DOES[kind])

/** Who is there, in one sentence, the busiest first; empty for nobody. */
export function sentenceOf(present: readonly Attended[]): string {
  const groups = new Map<string, string[]>()
  for (const one of [...present].sort((a, b) => RANK[b.kind] - RANK[a.kind])) {
    const what = does(one)
    groups.set(what, [...(groups.get(what) ?? []), isolated(nameOf(one.actor))])
  }
  return [...groups].map(([what, names]) => `${listed(names)} ${names.length > 1 ? many(what) : what}`).join(' · ')
}

const RANK = { VIEWING: 0, DRAFTING: 1, TYPING: 2 } as const
const many = (what: string) => what.replace(/^is /, 'are ').replace(/^has /, 'have ')
const listed = (names: readonly string[]) => (names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} others` : names.join(names.length > 2 ? ', ' : ' and '))

const CALM = 1000

/** A text once it has stayed the same for a second: what is read aloud does not follow every key. */
export function useCalm(text: string): string {
  const [calm, setCalm] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), CALM)
    return () => clearTimeout(timer)
  }, [text])
  return calm
}
