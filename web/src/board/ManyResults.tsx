import { type Answer, left, lineOf, type Many } from './many'
import { hashOf, usePlace } from './place'

interface Props {
  answer: Answer
  type: Many['type']
  label: string
  nameOf: (conversationId: string) => string | null
}

/** The conversations that are not changed, each with its reason, and the way to it. */
export function ManyResults({ answer, type, label, nameOf }: Props) {
  const { view } = usePlace()
  const results = left(answer)
  if (results.length === 0) return null
  return (
    <ol className="many-failed" aria-label={label}>
      {results.map((result) => (
        <li key={result.conversationId} data-conversation={result.conversationId} data-outcome={result.outcome}>
          <a href={hashOf({ view: view ?? 'mine', conversation: result.conversationId })} dir="auto">
            {nameOf(result.conversationId) ?? 'A conversation'}
          </a>
          <p>{lineOf(result, type)}</p>
        </li>
      ))}
    </ol>
  )
}
