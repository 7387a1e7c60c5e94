import { useEffect, useState } from 'react'
import { AnsweringDocument, type AnsweringSubscription, type Connection } from '../../client/index'
import { useCalm } from '../design/attendance'
import { Dots } from '../board/AttentionLine'
import { nameOf } from '../design/told'
import { isolated } from '../design/text'

type Writers = AnsweringSubscription['attention']['conversations'][number]['present']

/** Says to the visitor that an answer is being typed. */
export function Answering({ connection, conversation }: { connection: Connection; conversation: string }) {
  const [writers, setWriters] = useState<Writers>([])
  useEffect(() => {
    setWriters([])
    return connection.subscribe(AnsweringDocument, { of: { conversationIds: [conversation] } }, {
      next: ({ attention: { complete, conversations } }) => {
        const [of] = conversations
        if (of || complete) setWriters(of?.present ?? [])
      },
      missed: () => setWriters([]),
      ended: () => setWriters([]),
    })
  }, [connection, conversation])
  const [first] = writers
  const says = first ? (writers.length > 1 ? 'An answer is being typed' : `${isolated(nameOf(first.actor))} is typing`) : ''
  const aloud = useCalm(says)
  return (
    <>
      <p className="attention-line" data-testid="answering" data-typing={says ? true : undefined} aria-hidden="true" dir="auto">
        {says}
        {says && <Dots />}
      </p>
      <p className="sr-only" role="status">
        {aloud}
      </p>
    </>
  )
}
