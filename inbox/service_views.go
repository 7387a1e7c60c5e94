package inbox

import (
	"context"
	"time"
)

// Standings gives what a view holds of what the caller may see, up to limit.
func (s *Service) Standings(ctx context.Context, p Principal, v View, limit int) ([]Standing, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return nil, err
	}
	r, err := s.reach(ctx, a, v)
	if err != nil {
		return nil, err
	}
	return s.store.Standings(ctx, ConversationQuery{Workspace: p.Workspace, View: v, Reach: r}, limit)
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
func (s *Service) QueueDepth(ctx context.Context, p Principal, team TeamID) (QueueDepth, error) {
	q := ConversationQuery{
		Workspace: p.Workspace, View: View{List: ListQueued}, Reach: Reach{Scopes: map[Kind]Scope{}},
		Order: Order{Field: ByWaiting}, Page: PageRequest{Limit: 1},
	}
	for _, kind := range Kinds() {
		q.Reach.Scopes[kind] = ScopeAll
	}
	if team != "" {
		q.View.Teams = []TeamID{team}
	}
	first, err := s.store.ListConversations(ctx, q)
	if err != nil || len(first.Items) == 0 {
		return QueueDepth{}, err
	}
	waiting, err := s.store.CountConversations(ctx, q, CountLimit)
	return QueueDepth{Waiting: waiting, LongestSince: first.Items[0].WaitingSince}, err
}
