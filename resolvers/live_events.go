package resolvers

import (
	"context"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// eventFilter is which ownership changes a client wants.
type eventFilter struct {
	conversations []inbox.ConversationID
	teams         []workspace.TeamID
	assignees     []workspace.MemberID
	kinds         []inbox.EventKind
}

func filterOf(in *model.AssignmentEventFilter) (f eventFilter, err error) {
	if in == nil {
		return f, nil
	}
	f.kinds = in.Kinds
	if f.conversations, err = idsOf[inbox.ConversationID]("filter.conversationIds", typeConversation, in.ConversationIds); err != nil {
		return f, err
	}
	if f.teams, err = idsOf[workspace.TeamID]("filter.teamIds", typeTeam, in.TeamIds); err != nil {
		return f, err
	}
	f.assignees, err = idsOf[workspace.MemberID]("filter.assigneeIds", typeMember, in.AssigneeIds)
	return f, err
}

func (f eventFilter) wants(e inbox.Event) bool {
	return among(f.conversations, e.Conversation) && among(f.kinds, e.Kind) &&
		among(f.teams, e.From.Team, e.To.Team) && among(f.assignees, e.From.Assignee, e.To.Assignee)
}

// among reports whether any of got is wanted; everything is when wanted is empty.
func among[T comparable](wanted []T, got ...T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(got, func(g T) bool { return slices.Contains(wanted, g) })
}

// assignmentEvents follows every ownership change that the caller may see. B:V3.
func (r *Resolver) assignmentEvents(ctx context.Context, in *model.AssignmentEventFilter, after *string) (<-chan *model.AssignmentEventEdge, error) {
	st, s, err := open[*model.AssignmentEventEdge](ctx, r, after)
	if err != nil {
		return nil, err
	}
	filter, err := filterOf(in)
	if err != nil {
		return nil, err
	}
	if err := s.access.ViewsAny(); err != nil {
		return nil, err
	}
	st.emit = func(ctx context.Context, s *scope, item *live.Item) ([]*model.AssignmentEventEdge, bool, error) {
		if err := s.access.ViewsAny(); err != nil {
			return nil, true, err
		}
		out, err := st.edges(ctx, s, filter, item)
		return out, true, err
	}
	st.start(ctx)
	return st.out, nil
}

func (st *stream[T]) edges(ctx context.Context, s *scope, filter eventFilter, item *live.Item) ([]*model.AssignmentEventEdge, error) {
	e := item.Event
	if item.Gap {
		return []*model.AssignmentEventEdge{{Cursor: st.cursor(item.Position), Gap: true, GapReason: st.gapped(item.Reason)}}, nil
	}
	if e.Type != inbox.OwnershipEvent || !filter.wants(e) {
		return nil, nil
	}
	before, existed := e.Before()
	sees := s.access.Sees(*e.After)
	if !sees && !(existed && s.access.Sees(before)) {
		return nil, nil
	}
	if err := st.loadCurrent(ctx, s, e); err != nil {
		return nil, err
	}
	shown := st.shown(s, e)
	if !sees && !shown.open {
		shown = closed(*e.After) // it goes out of sight: who has it now may be told, and no more
	}
	return []*model.AssignmentEventEdge{{Cursor: st.cursor(item.Position), Node: s.event(e, shown)}}, nil
}
