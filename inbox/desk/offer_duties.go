package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// offerBatch bounds how many offers are read at once.
const offerBatch = 200

// ExpireOffers ends the offers of all workspaces whose time is over, or passes them on: in
// the name of the system, each in a transaction that an answer refuses. It may run on
// several servers and may end at any point. It returns when the next offer lapses, as far
// as it is stored; zero for none. B:T6
func (s *Queues) ExpireOffers(ctx context.Context) (next time.Time, err error) {
	next, err = s.nextLapse(ctx)
	if err != nil || next.IsZero() || next.After(s.base.Clock()) {
		return next, err
	}
	for more := true; more; {
		if more, err = s.expireBatch(ctx); err != nil {
			return time.Time{}, err
		}
	}
	return s.nextLapse(ctx)
}

// nextLapse is when the first of all open offers lapses, also if that is past.
func (s *Queues) nextLapse(ctx context.Context) (time.Time, error) {
	first, err := s.store.LapsedOffers(ctx, inbox.NotAwaiting(), 1)
	if err != nil || len(first) == 0 {
		return time.Time{}, err
	}
	return first[0].ExpiresAt, nil
}

// expireBatch ends some offers that lapsed; more says that there may be others.
func (s *Queues) expireBatch(ctx context.Context) (more bool, err error) {
	lapsed, err := s.store.LapsedOffers(ctx, s.base.Clock(), offerBatch)
	if err != nil {
		return false, err
	}
	return len(lapsed) == offerBatch, s.eachOffer(lapsed, func(o inbox.Offer) error { return s.expire(ctx, o) })
}

// CheckOffers ends the open offers of a workspace whose target is OFFLINE, and those whose
// target or maker lost the right to them. B:T6
func (s *Queues) CheckOffers(ctx context.Context, ws workspace.WorkspaceID) error {
	a, err := s.callers.Access(ctx, inbox.Principal{Workspace: ws, Actor: workspace.System()})
	if inbox.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	q := OfferQuery{Workspace: ws, Statuses: []inbox.OfferStatus{inbox.OfferOpen}, Page: inbox.PageRequest{Limit: offerBatch}}
	for more := true; more && err == nil; {
		more, err = s.checkOffers(ctx, a, &q)
	}
	return err
}

// Offering lists the workspaces in which an offer may be open: all of them. B:T6
func (s *Queues) Offering(ctx context.Context) ([]workspace.WorkspaceID, error) {
	all, err := s.store.Workspaces(ctx)
	out := make([]workspace.WorkspaceID, 0, len(all))
	for _, w := range all {
		out = append(out, w.ID)
	}
	return out, err
}

// checkOffers looks at the next page of q.
func (s *Queues) checkOffers(ctx context.Context, a access.Access, q *OfferQuery) (more bool, err error) {
	page, err := s.store.ListOffers(ctx, *q)
	if err != nil || len(page.Items) == 0 {
		return false, err
	}
	last := page.Items[len(page.Items)-1]
	q.Page.After = &inbox.PageCursor{At: last.OfferedAt, ID: string(last.ID)}
	return page.HasNext, s.eachOffer(page.Items, func(o inbox.Offer) error { return s.checkOffer(ctx, a, o) })
}

func (s *Queues) checkOffer(ctx context.Context, a access.Access, o inbox.Offer) error {
	found, err := s.store.Conversations(ctx, o.Workspace, []inbox.ConversationID{o.Conversation})
	if err != nil {
		return err
	}
	switch c := found[o.Conversation]; {
	case c.ID == "" || !c.Offer.Same(o):
		return nil
	case !a.MayOwn(c.Assignee, c.Kind):
		return s.letOwnerGo(ctx, a, c)
	case access.OfferForfeit(a, c) != "":
		return s.forfeit(ctx, a, c)
	case access.OfferTargetAbsent(a, c):
		return s.expire(ctx, o)
	}
	return nil
}

// eachOffer does act with each of some offers, several at once.
func (s *Queues) eachOffer(some []inbox.Offer, act func(inbox.Offer) error) error {
	var all error
	for few := range slices.Chunk(some, s.hands) {
		errs := make([]error, len(few))
		var running sync.WaitGroup
		for i, o := range few {
			running.Go(func() { errs[i] = act(o) })
		}
		running.Wait()
		all = errors.Join(all, errors.Join(errs...))
	}
	return all
}

// expire ends an offer, or asks the next, unless it was answered meanwhile.
func (s *Queues) expire(ctx context.Context, o inbox.Offer) error {
	p := inbox.Principal{Workspace: o.Workspace, Actor: workspace.System()}
	_, err := s.run.change(ctx, p, Request{Conversation: o.Conversation}, verb{
		name: "expireOffer", declared: s.run.the(access.StepExpireOffer),
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) {
			next, err := s.route.askNext(ctx, t)
			return access.Choice{Next: next, Cause: access.CauseOfLapse(t.current, t.At)}, err
		},
	})
	return unlessGone(err)
}

// letOwnerGo releases what is offered by a member who may own it no longer, which ends the
// offer: it is the release that says why the member lost it, and to the contact that the member
// left. While everything of the member's is being released it is left to that, which counts it.
// B:E1, B:T6
func (s *Queues) letOwnerGo(ctx context.Context, a access.Access, c inbox.Conversation) error {
	if !a.Directory.Members[c.Assignee].OffboardingSince.IsZero() || !a.Directory.Workspace.OffboardingSince.IsZero() {
		return nil
	}
	e := inbox.Offboarding{Workspace: c.Workspace, Member: c.Assignee}
	_, err := s.run.change(ctx, e.System(), Request{Conversation: c.ID}, s.run.release(e))
	if inbox.CodeOf(err) == inbox.NotAssigned {
		return nil // it is gone already, or may be owned again
	}
	return unlessGone(err)
}

// forfeit ends an offer that nobody may accept.
func (s *Queues) forfeit(ctx context.Context, a access.Access, c inbox.Conversation) error {
	_, err := s.run.change(ctx, a.Principal, Request{Conversation: c.ID}, verb{
		name: "endOffer", declared: s.run.the(access.StepEndOffer),
		choose: func(_ context.Context, t *attempt) (access.Choice, error) {
			return access.Choice{Cause: access.OfferForfeit(t.access, t.current)}, nil
		},
	})
	return unlessGone(err)
}
