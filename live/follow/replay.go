package follow

import (
	"context"
	"maps"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live/feed"
)

// replay is what a subscriber missed that comes back.
type replay struct {
	// seen is the token that the subscriber came back with. It has no position when the
	// subscriber is new, or the token expired.
	seen ResumeToken
	// missed are delivered first. The source delivers none of them.
	missed []*feed.Item
	// current are the conversations of the missed items as the last of them left
	// each: what was missed is shown with the conversation as it is, not as it was.
	current map[inbox.ConversationID]inbox.Conversation
	// lost is why the missed items are not known; empty if they are.
	lost feed.GapReason
	// readAt is when the last read of conversations as they are now began.
	readAt time.Time
	// loadedCurrent says that current was read for the whole replay: see loadCurrent.
	loadedCurrent bool
}

// subscribe opens the source, behind the token that the subscriber came back with.
func (s *Stream[T]) subscribe(ctx context.Context, facets []access.Facet) (err error) {
	ws, expired := s.request.Principal.Workspace, false
	if s.request.After != nil {
		if s.seen, expired, err = s.OpenToken(ws, *s.request.After); err != nil {
			return err
		}
	}
	switch {
	case s.request.After == nil || expired:
		s.source, err = s.Source.Hub.Subscribe(ctx, ws, facets...)
	default:
		s.source, s.missed, s.lost, err = s.Source.Since(ctx, s.request.caller(), s.seen.Position, facets...)
	}
	if err == nil {
		s.source.OnNews(s.bell.ring)
	}
	if expired {
		s.seen.Rights, s.lost = AnyRights, feed.GapCursorExpired // nobody knows what they were
	}
	if err == nil && s.lost != "" {
		s.beginWith(s.lost)
	}
	return err
}

// beginWith begins with a gap, up to where the subscription begins, instead of the
// missed items. Without a reason it begins the state that the subscriber does not have
// yet.
func (s *Stream[T]) beginWith(reason feed.GapReason) {
	s.missed = []*feed.Item{{Position: s.beginning(), Gap: true, Reason: reason}}
}

// nextMissed returns the next missed item; nil when there are no more.
func (r *replay) nextMissed() *feed.Item {
	if len(r.missed) == 0 {
		r.missed, r.current = nil, nil
		return nil
	}
	if r.current == nil {
		r.current = newestOf(r.missed)
	}
	item := r.missed[0]
	r.missed = r.missed[1:]
	return item
}

func newestOf(items []*feed.Item) map[inbox.ConversationID]inbox.Conversation {
	out := map[inbox.ConversationID]inbox.Conversation{}
	for _, item := range items {
		e := item.Event
		if e.After == nil {
			continue
		}
		known, ok := out[e.Conversation]
		if !ok {
			known = *e.After
		}
		out[e.Conversation] = known.Advanced(e)
	}
	return out
}

// present is the conversation of e as it is now, as far as this server knows: as the
// last of the missed events left it, or as e did.
func (r *replay) present(e inbox.Event) inbox.Conversation {
	if c, ok := r.current[e.Conversation]; ok {
		return c
	}
	return *e.After
}

// loadCurrent reads the conversation of e, and at the beginning of a replay the
// conversations of all missed items, so that present shows each as it is now.
// Streams that do not deliver every change of a conversation need that: clients
// keep the last state that they received. B:V8b
func (s *Stream[T]) loadCurrent(ctx context.Context, e inbox.Event) error {
	switch {
	case s.current == nil:
		return s.loadShared(ctx, e)
	case s.loadedCurrent:
		return nil
	}
	ids := []inbox.ConversationID{e.Conversation}
	for _, item := range s.missed {
		if item.Event.After != nil {
			ids = append(ids, item.Event.Conversation)
		}
	}
	s.readAt = time.Now()
	found, err := s.Reader.ConversationsByID(ctx, s.access.Principal, ids)
	if err != nil {
		return err
	}
	current := maps.Clone(s.current) // what an item was tried with before is shared with other streams
	maps.Copy(current, found)
	s.current, s.loadedCurrent = current, true
	return nil
}

// loadShared reads the conversation of an event that happens now, once for all streams that
// deliver it at the same time.
func (s *Stream[T]) loadShared(ctx context.Context, e inbox.Event) (err error) {
	ids, of := []inbox.ConversationID{e.Conversation}, readOf{s.request.Principal.Workspace, e.ID}
	find := func() (map[inbox.ConversationID]inbox.Conversation, error) {
		return s.Reader.ConversationsByID(ctx, s.access.Principal, ids)
	}
	s.current, s.readAt, err = s.reads.load(ctx, of, s.readAt, find)
	return err
}
