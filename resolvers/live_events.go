package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

func filterOf(in *model.AssignmentEventFilter) (f follow.EventFilter, err error) {
	if in == nil {
		return f, nil
	}
	f.Kinds = in.Kinds
	if f.Conversations, err = idsOf[inbox.ConversationID]("filter.conversationIds", typeConversation, in.ConversationIds); err != nil {
		return f, err
	}
	if f.Teams, err = idsOf[workspace.TeamID]("filter.teamIds", typeTeam, in.TeamIds); err != nil {
		return f, err
	}
	f.Assignees, err = idsOf[workspace.MemberID]("filter.assigneeIds", typeMember, in.AssigneeIds)
	return f, err
}

func (r *Resolver) assignmentEvents(ctx context.Context, in *model.AssignmentEventFilter, after *string) (<-chan *model.AssignmentEventEdge, error) {
	filter, err := filterOf(in)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Events(ctx, r.request(ctx, after), filter)
	return deliver(ctx, r, st, err, eventEdgeOf)
}

func eventEdgeOf(_ context.Context, d delivered[follow.OwnershipChange]) (*model.AssignmentEventEdge, error) {
	if d.Gap != "" {
		return &model.AssignmentEventEdge{Cursor: d.cursor, Gap: true, GapReason: gapReason(d.Gap)}, nil
	}
	e := d.Body.Event
	shown := d.scope.changed(e, d.Body.Now)
	if !d.Body.Seen && !shown.open {
		shown = closed(*e.After) // it goes out of sight: who has it now may be known, and no more
	}
	return &model.AssignmentEventEdge{Cursor: d.cursor, Node: d.scope.event(e, shown)}, nil
}

// changed is the conversation of e as the caller may be shown it: as it is now, or
// without content as e left it.
func (s *scope) changed(e inbox.Event, now inbox.Conversation) disclosed {
	if d := s.disclose(now); d.open {
		return d
	}
	return glimpsed(*e.After)
}
