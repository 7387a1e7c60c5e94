package follow

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// EventFilter is which ownership changes a subscriber wants; an empty field wants all.
type EventFilter struct {
	Conversations []inbox.ConversationID
	Teams         []workspace.TeamID
	Assignees     []workspace.MemberID
	Kinds         []inbox.EventKind
}

// Wants reports whether f selects e.
func (f EventFilter) Wants(e inbox.Event) bool {
	return among(f.Conversations, e.Conversation) && among(f.Kinds, e.Kind) &&
		among(f.Teams, e.From.Team, e.To.Team) && among(f.Assignees, e.From.Assignee, e.To.Assignee)
}

// among reports whether any of got is wanted; everything is when wanted is empty.
func among[T comparable](wanted []T, got ...T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(got, func(g T) bool { return slices.Contains(wanted, g) })
}

// OwnershipChange is an item of Events; it is zero for a gap.
type OwnershipChange struct {
	Event inbox.Event
	// Now is the conversation as it is.
	Now inbox.Conversation
	// Seen says that the caller sees the conversation as the event left it; else the
	// event took it out of sight.
	Seen bool
}

// Events follows every ownership change of conversations that the caller may see before or
// after it, also those that are seen because they are offered. B:V3, B:T6
func (f *Streams) Events(ctx context.Context, r Request, filter EventFilter) (*Stream[OwnershipChange], error) {
	s, err := open[OwnershipChange](ctx, f, r, everything)
	if err == nil {
		err = s.access.ViewsAny()
	}
	if err != nil {
		return nil, err
	}
	s.emit = func(ctx context.Context, item *feed.Item) error {
		if err := s.access.ViewsAny(); err != nil {
			return err
		}
		if item.Gap {
			s.gap = item.Reason
			s.push(OwnershipChange{})
			return nil
		}
		return changed(ctx, s, filter, item.Event)
	}
	return s, nil
}

func changed(ctx context.Context, s *Stream[OwnershipChange], filter EventFilter, e inbox.Event) error {
	if e.Type != inbox.OwnershipEvent || !filter.Wants(e) || !visible(s.access, e) {
		return nil
	}
	if err := s.loadCurrent(ctx, e); err != nil {
		return err
	}
	s.push(OwnershipChange{e, s.present(e), s.access.Sees(*e.After)})
	return nil
}
