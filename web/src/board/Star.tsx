import { useState } from 'react'
import { type Fault, StarDocument } from '../../client/index'
import { Button } from '../design/Button'
import { useDesk } from './desk'
import type { Opened } from './thread'

/** Stars a conversation for oneself, or takes the star back. */
export function Star({ conversation }: { conversation: Opened }) {
  const { id, viewerHasStarred } = conversation
  const { connection, toasts } = useDesk()
  // No stream tells of a star: the last press holds until the conversation is told anew.
  const [pressed, setPressed] = useState<{ starred: boolean; over: Opened } | null>(null)
  const starred = pressed?.over === conversation ? pressed.starred : viewerHasStarred

  async function press() {
    setPressed({ starred: !starred, over: conversation })
    try {
      const { starConversation: answer } = await connection.execute(StarDocument, { input: { conversationId: id, starred: !starred } })
      const [refusal] = answer.userErrors
      if (refusal) throw new Error(refusal.message)
    } catch (error) {
      setPressed(null)
      toasts.show({ tone: 'bad', text: (error as Fault).message })
    }
  }
  return <Button look="bare" icon="star" className="star" aria-pressed={starred} aria-label="Star" title={starred ? 'Take your star back' : 'Star it for yourself'} onClick={() => void press()} />
}
