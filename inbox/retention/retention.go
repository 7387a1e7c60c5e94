// Package retention removes what belongs to conversations that were closed long ago:
// their events, their messages and the idempotency keys of their events. The conversation
// itself stays, with its contact, its owner and its numbers.
package retention

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Part is what is removed of a conversation.
type Part string

const (
	// Events are the events but the last change of ownership, whose version says how many
	// there were. Their notes, reasons and idempotency keys go with them.
	Events Part = "events"
	// Messages are the messages, in whatever copy, and the idempotency keys of the
	// conversation's events: a repeat could not return its message.
	Messages Part = "messages"
	// Keys are the idempotency keys: a repeat is carried out as if it were the first.
	Keys Part = "keys"
)

// The least that may be kept. Notifications show events, and cursors of live streams
// reach back for less than a month. Clients repeat within a day.
const (
	LeastEvents = 30 * day
	Least       = day
	day         = 24 * time.Hour
)

// Limits are how long each part is kept after a conversation was closed and nothing more
// happened in it. A part that is missing, or 0, is kept for ever.
type Limits map[Part]time.Duration

// Forgetting removes a part of a conversation, provided that it is closed and nothing
// happened in it since a time.
type Forgetting struct {
	Workspace    workspace.WorkspaceID
	Conversation inbox.ConversationID
	Part         Part
	QuietSince   time.Time
}

// Store keeps the conversations.
type Store interface {
	Workspaces(ctx context.Context) ([]workspace.Workspace, error)
	ListConversations(ctx context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error)
	// Forget does as f says. It changes nothing if the conversation is not as f demands,
	// is not there, or nothing is left to remove. It is harmless to do it again.
	Forget(ctx context.Context, f Forgetting) error
}

const (
	// batch is how many conversations of a workspace are looked at in one run.
	batch = 50
	// rest is how long a workspace is left alone in which nothing more is due.
	rest = time.Hour
)

// Service walks the closed conversations of each workspace from the longest quiet one on.
// What it knows of its way is lost with it: another begins from the start.
type Service struct {
	store  Store
	limits Limits
	now    func() time.Time
	walks  map[walk]progress
}

type walk struct {
	workspace workspace.WorkspaceID
	part      Part
}

// progress is how far a walk came, and when it goes on.
type progress struct {
	behind *inbox.PageCursor
	next   time.Time
}

// New returns a service that removes by limits.
func New(s Store, limits Limits, now func() time.Time) *Service {
	return &Service{store: s, limits: limits, now: now, walks: map[walk]progress{}}
}

// Run removes a batch of each part in each workspace. It is for one goroutine at a time,
// may end at any point, and may run on several servers. A failure in one workspace does
// not stop the others.
func (s *Service) Run(ctx context.Context) error {
	all, err := s.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range all {
		for part, kept := range s.limits {
			if kept > 0 && ctx.Err() == nil {
				failed = errors.Join(failed, s.step(ctx, walk{w.ID, part}, s.now().Add(-kept)))
			}
		}
	}
	return failed
}

// step goes on with a walk, up to conversations that were not quiet at a time.
func (s *Service) step(ctx context.Context, w walk, until time.Time) error {
	at := s.walks[w]
	if s.now().Before(at.next) {
		return nil
	}
	page, err := s.store.ListConversations(ctx, closedOnes(w.workspace, at.behind))
	if err != nil {
		return err
	}
	at.next = s.now().Add(rest)
	if page.HasNext {
		at.next = time.Time{}
	}
	for _, c := range page.Items {
		if !c.LastActivityAt.Before(until) {
			at.next = s.now().Add(rest)
			break
		}
		if err := s.store.Forget(ctx, Forgetting{w.workspace, c.ID, w.part, until}); err != nil {
			return err
		}
		at.behind = &inbox.PageCursor{At: c.LastActivityAt, ID: string(c.ID)}
		s.walks[w] = at
	}
	s.walks[w] = at
	return nil
}

// closedOnes asks for the closed conversations of a workspace, the longest quiet first.
func closedOnes(ws workspace.WorkspaceID, behind *inbox.PageCursor) access.ConversationQuery {
	q := access.ConversationQuery{
		Workspace: ws, View: access.View{List: access.ListAll, Statuses: []inbox.Status{inbox.Closed}},
		Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{}},
		Order:      access.Order{Field: access.ByLastActivity}, Page: inbox.PageRequest{Limit: batch, After: behind},
	}
	for _, kind := range workspace.Kinds() {
		q.Visibility.Scopes[kind] = workspace.ScopeAll
	}
	return q
}
