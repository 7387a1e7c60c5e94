package inbox

import (
	"context"
	"time"
)

const (
	// emptyBatch bounds how many conversations are read at once.
	emptyBatch = 50
	// emptyRemovals bounds how many removals are looked at in one go.
	emptyRemovals = 100
	// emptyGrace is for how long a removal is looked after: a server that did not
	// know of it yet may have given something to who or what was removed.
	emptyGrace = time.Minute
)

// beginEmptying moves the first batch at once. What is left, and what fails, is
// moved by Empty: the removal is done either way.
func (s *Service) beginEmptying(ctx context.Context, e Emptying) {
	_, _ = s.emptyBatch(ctx, e)
}

// Empty moves all that removed members, teams and AI agents still hold, in all workspaces,
// a batch of each at a time. It may run on several servers and may end at any
// point: what it did not get to is found again.
func (s *Service) Empty(ctx context.Context) error {
	removals, err := s.store.Emptying(ctx, emptyRemovals)
	if err != nil {
		return err
	}
	for _, e := range removals {
		if err := s.emptyAll(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) emptyAll(ctx context.Context, e Emptying) error {
	for {
		moved, err := s.emptyBatch(ctx, e)
		switch {
		case err != nil:
			return err
		case moved > 0:
			continue
		case s.clock().Sub(e.Since) < emptyGrace:
			return nil
		}
		return s.emptied(ctx, e)
	}
}

// emptyBatch tells how many conversations it moved.
func (s *Service) emptyBatch(ctx context.Context, e Emptying) (moved int, err error) {
	page, err := s.store.ListConversations(ctx, e.query())
	if err != nil {
		return 0, err
	}
	for _, c := range page.Items {
		ok, err := s.emptyOne(ctx, e, c.ID)
		if err != nil {
			return moved, err
		}
		if ok {
			moved++
		}
	}
	return moved, nil
}

// query finds what e holds and is not closed.
func (e Emptying) query() ConversationQuery {
	view, reach := View{Statuses: []Status{Unset, Open}}, Reach{Agent: e.Agent, Scopes: map[Kind]Scope{}}
	scope := ScopeAll
	switch {
	case e.Member != "":
		view.Assignees = []MemberID{e.Member}
	case e.Team != "":
		view.Teams = []TeamID{e.Team}
	default:
		view.Handlers, scope = []Handler{HandledByAI}, ScopeOwn
	}
	for _, kind := range Kinds() {
		reach.Scopes[kind] = scope
	}
	return ConversationQuery{
		Workspace: e.Workspace, View: view, Reach: reach, Order: Order{Field: ByCreated}, Page: PageRequest{Limit: emptyBatch},
	}
}

// holds reports whether c is still to be moved.
func (e Emptying) holds(c Conversation) bool {
	if c.Status == Closed {
		return false
	}
	switch {
	case e.Member != "":
		return c.Assignee == e.Member
	case e.Team != "":
		return c.Team == e.Team
	}
	return c.OriginAgent == e.Agent && c.Handler() == HandledByAI
}

// move is the verb by which e loses a conversation.
func (e Emptying) move() func(Conversation, Turn) Move {
	switch {
	case e.Member != "":
		return LoseMember
	case e.Team != "":
		return LoseTeam
	}
	return LoseAgent
}

// emptyOne moves one conversation; false when somebody else was faster.
func (s *Service) emptyOne(ctx context.Context, e Emptying, id ConversationID) (bool, error) {
	_, err := s.change(ctx, Principal{Workspace: e.Workspace, Actor: System()}, Request{Conversation: id}, verb{
		name: "empty", apply: pure(e.move()),
		verdict: func(_ Access, c Conversation) Verdict {
			if e.holds(c) {
				return allow()
			}
			return refuse(DeniedByState, NotAssigned)
		},
	})
	switch CodeOf(err) {
	case "":
		return true, nil
	case NotAssigned, Conflict, NotFound:
		return false, nil
	default:
		return false, err
	}
}

// emptied notes that nothing more is to be moved.
func (s *Service) emptied(ctx context.Context, e Emptying) error {
	return s.editDirectory(ctx, Principal{Workspace: e.Workspace, Actor: System()}, func(a Access) (DirectoryChange, error) {
		if m, ok := a.Directory.Members[e.Member]; ok && !m.EmptyingSince.IsZero() {
			m.EmptyingSince = time.Time{}
			m.Rev++
			return DirectoryChange{Member: &m}, nil
		}
		if t, ok := a.Directory.Teams[e.Team]; ok && !t.EmptyingSince.IsZero() {
			t.EmptyingSince = time.Time{}
			t.Rev++
			return DirectoryChange{Team: &t}, nil
		}
		if g, ok := a.Directory.Agents[e.Agent]; ok && !g.EmptyingSince.IsZero() {
			g.EmptyingSince = time.Time{}
			g.Rev++
			return DirectoryChange{Agent: &g}, nil
		}
		return DirectoryChange{}, nil
	})
}
