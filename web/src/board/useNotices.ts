import { useEffect, useRef } from 'react'
import { Fault } from '../../client'
import { useDesk } from './desk'
import { followNotices } from './notices'
import { go, type Place } from './place'
import { perform } from './verbs'
import { refusalText } from './words'

/** Shows in the corner what one is notified of. */
export function useNotices(place: Place): void {
  const { connection, toasts, me } = useDesk()
  const at = useRef(place)
  useEffect(() => {
    at.current = place
  })
  useEffect(() => {
    async function claim(id: string) {
      try {
        const { refusal } = await perform(connection, { id }, { type: 'claim' })
        if (refusal) toasts.show({ tone: 'bad', text: refusalText(refusal, me.id) })
        else go({ view: 'mine', conversation: id })
      } catch (fault) {
        toasts.show({ tone: 'bad', text: (fault as Fault).message })
      }
    }
    return followNotices(connection, toasts, {
      claim: (id) => void claim(id),
      open: (id) => go({ ...at.current, conversation: id }),
      current: () => at.current.conversation,
    })
  }, [connection, toasts, me])
}
