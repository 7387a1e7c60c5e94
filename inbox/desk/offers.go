package desk

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Offers lists the offers that ask the caller, or asked the caller last, those that ask or
// asked all of a team in which the caller may claim, or those that the caller's conversations
// are offered by. A page may have fewer than it asks for, even none, although there are more:
// then Looked says where the next one begins. PERMISSION_DENIED for a caller who is not a member. B:T6
func (s *Reader) Offers(
	ctx context.Context, p inbox.Principal, side access.OfferSide, statuses []inbox.OfferStatus, page inbox.PageRequest,
) (inbox.Page[inbox.Offer], error) {
	a, err := s.callers.Access(ctx, p)
	switch {
	case err != nil:
		return inbox.Page[inbox.Offer]{}, err
	case p.Actor.Kind != workspace.ActorMember:
		return inbox.Page[inbox.Offer]{}, &inbox.Error{Code: inbox.PermissionDenied, Permission: "member", Message: "Only members are offered conversations. Use the token of a member."}
	}
	q := OfferQuery{Workspace: p.Workspace, Statuses: statuses, Page: page}
	if side == access.OffersReceived {
		return s.received(ctx, a, q)
	}
	q.Sender = a.Member.ID
	return s.store.ListOffers(ctx, q)
}

// offersAtOnce is how many offers are read at once to find those that asked somebody, and
// offerReads how often for one page.
const (
	offersAtOnce = 100
	offerReads   = 5
)

// received lists the offers of q that asked the caller.
func (s *Reader) received(ctx context.Context, a access.Access, q OfferQuery) (out inbox.Page[inbox.Offer], err error) {
	limit := q.Page.Limit
	q.Member, q.Teams = a.Member.ID, teamsAsked(a)
	for read := range offerReads {
		page, err := s.store.ListOffers(ctx, q)
		if err != nil {
			return out, err
		}
		asked, err := s.asked(ctx, a, page.Items)
		if err != nil {
			return out, err
		}
		out.Items, out.HasNext, out.HasPrev = append(out.Items, asked...), page.HasNext, read == 0 && page.HasPrev || out.HasPrev
		if len(out.Items) > limit {
			out.Items, out.HasNext = out.Items[:limit], true
		}
		if !page.HasNext || len(out.Items) == limit {
			return out, nil
		}
		last := page.Items[len(page.Items)-1]
		q.Page.After, q.Page.Limit = &inbox.PageCursor{At: last.OfferedAt, ID: string(last.ID)}, offersAtOnce
	}
	out.Looked = q.Page.After
	return out, nil
}

// teamsAsked are the caller's teams of which an offer to all asks the caller, of some kind.
func teamsAsked(a access.Access) []workspace.TeamID {
	return slices.DeleteFunc(slices.Clone(a.Member.Teams), func(team workspace.TeamID) bool {
		return !slices.ContainsFunc(workspace.Kinds(), func(k workspace.Kind) bool { return access.MayClaimIn(a, k, team) })
	})
}

// asked are those of some offers, which name the caller or one of teamsAsked, that asked the
// caller: not those that found nobody to ask, nor those of a kind that the caller may not claim.
func (s *Reader) asked(ctx context.Context, a access.Access, some []inbox.Offer) ([]inbox.Offer, error) {
	var ids []inbox.ConversationID
	for _, o := range some {
		if o.Member != a.Member.ID {
			ids = append(ids, o.Conversation)
		}
	}
	if len(ids) == 0 {
		return some, nil
	}
	of, err := s.store.Conversations(ctx, a.Principal.Workspace, ids)
	return slices.DeleteFunc(slices.Clone(some), func(o inbox.Offer) bool {
		return o.Member != a.Member.ID && (o.Round == 0 || !access.MayClaimIn(a, of[o.Conversation].Kind, o.Team))
	}), err
}

// Offer finds an offer that the caller takes part in, or whose conversation the caller may
// see. NOT_FOUND for any other. B:T6
func (s *Reader) Offer(ctx context.Context, p inbox.Principal, id inbox.OfferID) (inbox.Offer, inbox.Conversation, error) {
	o, err := s.store.Offer(ctx, p.Workspace, id)
	if err != nil {
		return inbox.Offer{}, inbox.Conversation{}, err
	}
	a, c, err := s.base.Look(ctx, p, o.Conversation)
	if err != nil {
		return inbox.Offer{}, inbox.Conversation{}, err
	}
	if !access.ShowsOffer(a, c, o) {
		return inbox.Offer{}, inbox.Conversation{}, inbox.Missing("offer")
	}
	return o, c, nil
}
