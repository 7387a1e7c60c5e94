package resolvers

import (
	"context"
	"errors"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
)

// openOffer is the open offer of a conversation that the caller may see.
func openOffer(s *scope, d disclosed) *model.TransferOffer {
	if !d.open || s.isContact() || !d.Offer.Open() || !s.access.Sees(d.Conversation) {
		return nil
	}
	return offerOf(s, d.Offer, true)
}

// offerIn is the offer that e made, passed on or ended.
func offerIn(s *scope, e inbox.Event, d disclosed) *model.TransferOffer {
	o, ok := e.Offer()
	if !ok {
		return nil
	}
	return offerOf(s, o, d.open)
}

// offerOf shows o, with note and reasons if its conversation is open to the caller.
func offerOf(s *scope, o inbox.Offer, open bool) *model.TransferOffer {
	out := &model.TransferOffer{
		ID: GlobalID(typeOffer, o.ID), Sender: s.member(o.Sender), Member: s.member(o.Member), Team: s.team(o.Team), Status: o.Status,
		Round: o.Round, OfferedAt: o.OfferedAt, ExpiresAt: o.ExpiresAt, EndedAt: optionalTime(o.EndedAt), EndCause: optional(o.Cause), Source: o,
	}
	if open {
		out.Note, out.ReasonText = optional(o.Note), optional(o.Reason)
		out.ReasonCode = reasonCode(s.access.Directory, o.ReasonCode)
	}
	return out
}

// settledError shows the offer and the conversation as they are now.
func settledError(s *scope, e *inbox.Error) model.UserError {
	current := s.hiddenPerson(*e.Current)
	return &model.OfferSettledError{
		Code: e.Code, Message: e.Message, Offer: offerOf(s, *e.Offer, current.open), Current: s.conversationIn(current), By: s.actor(e.By, current), At: e.At,
	}
}

// offeredConversation is the conversation of an offer as the caller may be shown it now.
func (r *Resolver) offeredConversation(ctx context.Context, o inbox.Offer) (*model.Conversation, error) {
	s := scopeOf(ctx)
	c, err := s.loaders.conversation.Load(ctx, o.Conversation)
	if err != nil {
		return nil, err
	}
	if c.ID == "" {
		return nil, inbox.Missing("conversation")
	}
	return s.conversationIn(s.hiddenPerson(c)), nil
}

func (r *Resolver) offerNode(ctx context.Context, s *scope, id inbox.OfferID) (model.Node, error) {
	o, c, err := r.Inbox.Reader.Offer(ctx, s.access.Principal, id)
	if err != nil {
		return nil, err
	}
	return offerOf(s, o, s.access.Sees(c)), nil
}

func (r *Resolver) offers(ctx context.Context, side access.OfferSide, statuses []inbox.OfferStatus, args pageArgs) (*model.OfferConnection, error) {
	s := scopeOf(ctx)
	l := r.listOf(s.access.Principal.Workspace, "offers", s.access.Principal.Actor, side, statuses)
	page, err := args.request(l)
	if err != nil {
		return nil, err
	}
	found, err := r.Inbox.Reader.Offers(ctx, s.access.Principal, side, statuses, page)
	if err != nil {
		return nil, err
	}
	seen, err := r.seen(ctx, s, found.Items)
	out := &model.OfferConnection{}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(o inbox.Offer) string { return l.at(o.OfferedAt, string(o.ID)) },
		func(o inbox.Offer) *model.TransferOffer { return offerOf(s, o, seen[o.Conversation]) },
		func(at string, n *model.TransferOffer) *model.OfferEdge { return &model.OfferEdge{Cursor: at, Node: n} })
	if found.Looked != nil {
		end := l.at(found.Looked.At, found.Looked.ID)
		out.PageInfo.EndCursor = &end
	}
	return out, err
}

// seen says which conversations of offers the caller may see now, in one read.
func (r *Resolver) seen(ctx context.Context, s *scope, offers []inbox.Offer) (map[inbox.ConversationID]bool, error) {
	ids := make([]inbox.ConversationID, 0, len(offers))
	for _, o := range offers {
		ids = append(ids, o.Conversation)
	}
	all, err := s.loaders.conversation.LoadAll(ctx, ids)
	out := map[inbox.ConversationID]bool{}
	for _, c := range all {
		out[c.ID] = c.ID != "" && s.access.Sees(c)
	}
	return out, err
}

// wishOf refuses a timeout of zero, which stands for the rule in the domain.
func wishOf(in model.TransferConversationInput) (w desk.OfferWish, err error) {
	w.Offer = in.Offer
	setSeconds(&w.Timeout, in.OfferTimeout)
	if in.OfferTimeout != nil && w.Timeout == 0 {
		err = desk.CheckOfferTimeout(w.Timeout)
	}
	return w, err
}

// offerVerb runs a verb on an offer, unless its other arguments could not be read.
func (r *Resolver) offerVerb(
	ctx context.Context, id string, argument error, run func(inbox.Principal, inbox.OfferID) (desk.Outcome, error),
) (*model.OwnershipPayload, error) {
	offer, err := idOf[inbox.OfferID]("offerId", typeOffer, id)
	return r.verb(ctx, errors.Join(err, argument), func(p inbox.Principal) (desk.Outcome, error) { return run(p, offer) })
}
