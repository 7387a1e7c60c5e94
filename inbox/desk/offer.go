package desk

import (
	"context"
	"errors"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// AcceptOffer makes the caller, whom the offer asks, the owner of its conversation.
// NOT_FOUND for an offer that is not in the workspace, OFFER_SETTLED for one that is no
// longer open to the caller. B:T6
func (s *Service) AcceptOffer(ctx context.Context, p inbox.Principal, id inbox.OfferID, key string) (Outcome, error) {
	return s.answer(ctx, p, id, Request{Key: key}, verb{name: "acceptOffer", declared: s.run.the(inbox.ActionAccept), args: id})
}

// Declining is why an offer is declined, and the key of the request.
type Declining struct {
	// Reason is in the caller's own words, ReasonCode one that was picked; empty for none.
	Reason     string
	ReasonCode workspace.ReasonCodeID
	// Key makes a repeat answer with the first result; empty for none.
	Key string
}

// DeclineOffer refuses an offer that asks the caller: the next member of its team is asked,
// the others of all who are asked can still accept it, or it ends. Errors are those of
// AcceptOffer; REASON_REQUIRED for want of a code where rule reasonsRequired demands one; and INVALID_INPUT for want of both a code and words where
// rule declineNeedsReason demands a reason. B:T6
func (s *Service) DeclineOffer(ctx context.Context, p inbox.Principal, id inbox.OfferID, why Declining) (Outcome, error) {
	why.Reason = inbox.Visible(why.Reason)
	if err := inbox.CheckLength("reason", why.Reason, inbox.MaxNote); err != nil {
		return Outcome{}, err
	}
	return s.answer(ctx, p, id, Request{Key: why.Key, ReasonCode: why.ReasonCode}, verb{
		name: "declineOffer", declared: s.run.the(inbox.ActionDecline), args: []any{id, why.Reason}, reason: why.Reason,
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) {
			if t.Rules.DeclineNeedsReason && t.Reason == "" && t.ReasonCode == "" {
				return access.Choice{}, inbox.Invalid("reason", "In this workspace an offer is declined with a reason. Write one, or pick one of reasonCodes(usage: DECLINE).")
			}
			next, err := s.route.askNext(ctx, t)
			return access.Choice{Next: next, Others: t.current.Offer.Claimable() && access.OthersAccept(t.access, t.current)}, err
		},
	})
}

// WithdrawOffer takes an offer back. Errors are those of AcceptOffer. B:T6
func (s *Service) WithdrawOffer(ctx context.Context, p inbox.Principal, id inbox.OfferID, key string) (Outcome, error) {
	return s.answer(ctx, p, id, Request{Key: key}, verb{name: "withdrawOffer", declared: s.run.the(inbox.ActionWithdraw), args: id})
}

// answer runs a verb on the conversation of an offer.
func (s *Service) answer(ctx context.Context, p inbox.Principal, id inbox.OfferID, r Request, v verb) (Outcome, error) {
	o, err := s.store.Offer(ctx, p.Workspace, id)
	if err != nil {
		return Outcome{}, err
	}
	v.asked = access.Asked{Offer: o}
	r.Conversation = o.Conversation
	out, err := s.run.change(ctx, p, r, v)
	return out, s.settledAs(ctx, p, id, err)
}

// settledAs completes OFFER_SETTLED with the offer as it ended, which what was read before
// may not show.
func (s *Service) settledAs(ctx context.Context, p inbox.Principal, id inbox.OfferID, err error) error {
	var refusal *inbox.Error
	if !errors.As(err, &refusal) || refusal.Code != inbox.OfferSettled {
		return err
	}
	o, failed := s.store.Offer(ctx, p.Workspace, id)
	d, failed2 := s.run.callers.Directory(ctx, p.Workspace)
	if failed != nil || failed2 != nil {
		return errors.Join(failed, failed2)
	}
	refusal.Offer = &o
	if !o.Open() {
		refusal.By, refusal.At = o.EndedBy, o.EndedAt
	}
	refusal.Message = settledText(o, d)
	return refusal
}

func settledText(o inbox.Offer, d *workspace.Directory) string {
	by := d.Members[o.EndedBy.Member()].Name
	if by == "" {
		by = "The system"
	}
	switch o.Status {
	case inbox.OfferAccepted:
		return fmt.Sprintf("%s accepted this offer already.", by)
	case inbox.OfferDeclined:
		return fmt.Sprintf("%s declined this offer already.", by)
	case inbox.OfferWithdrawn:
		return fmt.Sprintf("%s withdrew this offer.", by)
	case inbox.OfferExpired:
		return "This offer has expired. Look at the conversation as it is now."
	case inbox.OfferSuperseded:
		return "This offer ended, because the conversation changed otherwise. Look at the conversation as it is now."
	case inbox.OfferOpen:
	}
	return "You declined this offer, or it was passed on: it asks somebody else now."
}
