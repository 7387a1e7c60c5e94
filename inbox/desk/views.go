package desk

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// OwnershipSnapshots gives what a view holds for whoever has that filter, up to limit. It
// asks for no rights: the filter is what somebody's rights came to.
func (s *Reader) OwnershipSnapshots(
	ctx context.Context, ws workspace.WorkspaceID, v access.View, r access.VisibilityFilter, limit int,
) ([]OwnershipSnapshot, error) {
	return s.store.OwnershipSnapshots(ctx, access.ConversationQuery{Workspace: ws, View: v, Visibility: r}, limit)
}

// CountUpTo counts what a view holds for whoever has that filter, up to limit. It asks
// for no rights, like OwnershipSnapshots.
func (s *Reader) CountUpTo(ctx context.Context, ws workspace.WorkspaceID, v access.View, r access.VisibilityFilter, limit int) (int, error) {
	return s.store.CountConversations(ctx, access.ConversationQuery{Workspace: ws, View: v, Visibility: r}, limit)
}

// QueueDepth is how much waits for people.
type QueueDepth struct {
	// Waiting is counted to CountLimit at most.
	Waiting int
	// LongestSince is since when the first in line waits; zero when nobody does.
	LongestSince time.Time
}

// QueueDepth tells how much waits in a team's queue, or in all queues of the
// workspace when team is empty, whether the caller may see it or not. B:V6.
func (s *Reader) QueueDepth(ctx context.Context, p inbox.Principal, team workspace.TeamID) (QueueDepth, error) {
	q := access.ConversationQuery{
		Workspace: p.Workspace, View: access.View{List: access.ListQueued}, Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{}},
		Order: access.Order{Field: access.ByWaiting}, Page: inbox.PageRequest{Limit: 1},
	}
	for _, kind := range workspace.Kinds() {
		q.Visibility.Scopes[kind] = workspace.ScopeAll
	}
	if team != "" {
		q.View.Teams = []workspace.TeamID{team}
	}
	first, err := s.store.ListConversations(ctx, q)
	if err != nil || len(first.Items) == 0 {
		return QueueDepth{}, err
	}
	waiting, err := s.store.CountConversations(ctx, q, commit.CountLimit)
	return QueueDepth{Waiting: waiting, LongestSince: first.Items[0].WaitingSince}, err
}
