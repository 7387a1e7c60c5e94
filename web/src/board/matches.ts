import { useEffect, useState } from 'react'
import { AssignableMembersDocument, type AssignableMembersQuery, type Connection, Fault, seconds } from '../../client/index'
import { passing } from '../design/passing'

export type Candidate = AssignableMembersQuery['assignableMembers']['nodes'][number]

/** People that were found, and for which words. */
export interface Matches {
  /** The words that nodes is the answer to; null before the first answer. */
  words: string | null
  nodes: readonly Candidate[]
  fault: string | null
}

const SHOWN = 50

/** Whom a conversation can be given to, by words of their names. While an answer is awaited, the one before stays, with its own words. */
export function useMatches(connection: Connection, conversationId: string, words: string): Matches {
  const [matches, setMatches] = useState<Matches>({ words: null, nodes: [], fault: null })
  useEffect(
    () =>
      asking(
        async () => (await connection.execute(AssignableMembersDocument, { conversationId, search: words || null, first: SHOWN })).assignableMembers.nodes,
        (nodes) => setMatches({ words, nodes, fault: null }),
        (fault) => setMatches((before) => ({ ...before, fault })),
      ),
    [connection, conversationId, words],
  )
  return matches
}

/** Asks until there is an answer. Returns how to stop. */
function asking<Answer>(ask: () => Promise<Answer>, took: (answer: Answer) => void, failed: (why: string) => void): () => void {
  let stopped = false
  async function run() {
    for (let attempt = 0; !stopped; attempt++) {
      try {
        const answer = await ask()
        return void (stopped || took(answer))
      } catch (error) {
        if (stopped) return
        failed(error instanceof Error ? error.message : String(error))
        if (!(error instanceof Fault) || !passing(error)) return
        await seconds(attempt)
      }
    }
  }
  void run()
  return () => {
    stopped = true
  }
}

/** A row that can be marked. */
export interface Marked {
  id: string
}

/** How a panel of choices is used: what was typed, what Enter waits for, and what was marked with arrows or a pointer. */
export interface Choosing {
  words: string
  marked: string | null
  /** Enter was pressed for these words, whose list was not there. */
  waiting: string | null
}

/**
 * The choice that Enter means: what was marked, if it is in the list, or the first match of what was typed. Nothing while the
 * list is another one's answer, and nothing before somebody typed or moved.
 */
export function meant<Choice extends Marked>({ words, marked }: Choosing, listOf: string | null, choices: readonly Choice[]): Choice | undefined {
  const found = choices.find(({ id }) => id === marked)
  if (found) return found
  return words && listOf === words ? choices[0] : undefined
}
