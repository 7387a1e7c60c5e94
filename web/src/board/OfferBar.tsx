import { useState } from 'react'
import { Button } from '../design/Button'
import { Icon } from '../design/Icon'
import { Rest } from '../design/rest'
import { isolated } from '../design/text'
import { Countdown } from './Countdown'
import { DeclineForm } from './DeclineForm'
import { useDesk } from './desk'
import { allowed, verdictOf } from './kinds'
import type { Opened } from './thread'
import type { Verbs } from './useVerbs'
import { denial, whomOffered } from './words'
import './offers.css'

/** The open offer of a conversation: whom it asks and for how long, with what one may do about it. */
export function OfferBar({ conversation, verbs }: { conversation: Opened; verbs: Verbs }) {
  const { me } = useDesk()
  const [declining, setDeclining] = useState<string | null>(null) // the offer that one is about to decline
  const offer = conversation.offer?.status === 'OPEN' ? conversation.offer : null
  const asked = allowed(conversation, 'DECLINE_OFFER')
  const offerId = offer?.id ?? ''
  // The place is there before the offer, so that it is read aloud when it comes.
  return (
    <section className={offer ? 'offer-bar' : 'sr-only'} aria-label={offer ? 'Offer' : undefined}>
      <div className="offer-line">
        {offer && <Icon name="swap" size={14} />}
        <p dir="auto">
          <span role="status">{offer && saysOffer(offer, me.id)}</span>
          {offer && (
            <>
              {' '}
              <Countdown until={offer.expiresAt} />
              {offer.note && <span className="offer-note">{offer.note}</span>}
            </>
          )}
        </p>
        {offer && (
          <Rest on={`${offerId} ${offer.member?.id ?? ''} ${asked}`}>
            {asked && (
              <>
                <Button look="primary" denied={denial(verdictOf(conversation, 'ACCEPT_OFFER'))} busy={verbs.busy !== null} onClick={() => void verbs.run({ type: 'acceptOffer', offerId })}>
                  Accept
                </Button>
                <Button aria-expanded={declining === offerId} busy={verbs.busy !== null} onClick={() => setDeclining(declining === offerId ? null : offerId)}>
                  Decline
                </Button>
              </>
            )}
            {!asked && allowed(conversation, 'WITHDRAW_OFFER') && (
              <Button busy={verbs.busy !== null} onClick={() => void verbs.run({ type: 'withdrawOffer', offerId })}>
                Withdraw
              </Button>
            )}
          </Rest>
        )}
      </div>
      {offer && asked && declining === offerId && (
        <DeclineForm conversationId={conversation.id} onCancel={() => setDeclining(null)} onDecline={(why) => verbs.run({ type: 'declineOffer', offerId, why })} />
      )}
    </section>
  )
}

function saysOffer(offer: NonNullable<Opened['offer']>, myId: string): string {
  const whom = whomOffered(offer, myId)
  if (offer.sender.id === myId) return `You offer it to ${whom}. It is yours until somebody accepts.`
  return `${isolated(offer.sender.name)} offers it to ${offer.member ? whom : `everybody in ${whom}`}.`
}
