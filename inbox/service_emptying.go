package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// emptyBatch bounds how many conversations are read at once.
	emptyBatch = 50
	// emptyPending bounds how many of each sort are looked at in one go.
	emptyPending = 100
	// emptyGrace is for how long after a removal or a demotion its conversations
	// are searched for again: a server that had not received it yet, or a commit in
	// progress, may have assigned a conversation to the member who lost the right.
	// It is far longer than both a directory's age and a commit's deadline.
	emptyGrace = time.Minute
)

// beginEmptying moves the first batch at once, and returns how many conversations
// there are to move, CountLimit at most. Empty moves the rest, and those that
// failed: the act is done either way.
func (s *Service) beginEmptying(ctx context.Context, e Emptying) (released int) {
	a, err := s.freshAccess(ctx, e.system())
	if err != nil {
		return 0
	}
	all, err := s.parts(ctx, a, e)
	if err != nil {
		return 0
	}
	for _, part := range all {
		n, _ := s.store.CountConversations(ctx, part.query(a), CountLimit)
		released += n
	}
	for _, part := range all {
		_, _ = s.emptyBatch(ctx, a, part)
	}
	return min(released, CountLimit)
}

// reviewing records that a change of the workspace may have taken the right to own
// conversations from some of its members. Those are determined by the state after
// the commit.
func (m Amendment) reviewing(now time.Time) Amendment {
	if len(m.Fields) > 0 {
		m.Changes[0].Workspace.EmptyingSince = now
	}
	return m
}

// reviewAfter begins to move conversations that members may no longer own after a
// new act on the workspace.
func (s *Service) reviewAfter(ctx context.Context, w Workspace, now time.Time) (released int) {
	if !w.EmptyingSince.Equal(now) {
		return 0
	}
	return s.beginEmptying(ctx, Emptying{Workspace: w.ID, Since: now})
}

// Empty moves all conversations that members, teams and AI agents have and may no
// longer have, in all workspaces, a batch of each at a time, and goes on with
// contacts whose last change is not yet copied to all their conversations. It may
// run on several servers and may end at any point: the rest is found again. A
// failure in one workspace does not stop the others.
func (s *Service) Empty(ctx context.Context) error {
	pending, err := s.store.Emptying(ctx, emptyPending)
	if err != nil {
		return err
	}
	failed := s.spreadPending(ctx)
	for _, e := range pending {
		failed = errors.Join(failed, s.empty(ctx, e))
	}
	return failed
}

// ReviewOwners takes from every member of every workspace the conversations that
// the member may not own by the present policy: a new policy may have taken the
// right while no server ran.
func (s *Service) ReviewOwners(ctx context.Context) error {
	all, err := s.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range all {
		failed = errors.Join(failed, s.emptyParts(ctx, Emptying{Workspace: w.ID}))
	}
	return failed
}

// empty moves the conversations of e, and records that none is left once the grace
// is over.
func (s *Service) empty(ctx context.Context, e Emptying) error {
	overdue := s.clock().Sub(e.Since) >= emptyGrace
	if err := s.emptyParts(ctx, e); err != nil {
		return fmt.Errorf("empty %+v: %w", e, err)
	}
	if !overdue {
		return nil
	}
	return s.emptied(ctx, e)
}

func (s *Service) emptyParts(ctx context.Context, e Emptying) error {
	a, err := s.freshAccess(ctx, e.system())
	if err != nil {
		return err
	}
	all, err := s.parts(ctx, a, e)
	for _, part := range all {
		for moved := 1; err == nil && moved > 0; {
			moved, err = s.emptyBatch(ctx, a, part)
		}
	}
	return err
}

// parts are the single members, teams and AI agents that e covers: for a whole
// workspace, every member who owns conversations of a kind without the right to.
func (s *Service) parts(ctx context.Context, a Access, e Emptying) ([]Emptying, error) {
	if e.Member != "" || e.Team != "" || e.Agent != "" {
		return []Emptying{e}, nil
	}
	var ids []MemberID
	for id := range a.Directory.Members {
		if len(a.kindsLost(id)) > 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	loads, err := s.store.Loads(ctx, e.Workspace, ids)
	if err != nil {
		return nil, err
	}
	var out []Emptying
	for _, id := range ids {
		if loads[id].Open() > 0 {
			out = append(out, Emptying{Workspace: e.Workspace, Member: id, Since: e.Since})
		}
	}
	return out, nil
}

// kindsLost are the kinds of which a member may own no conversation.
func (a Access) kindsLost(id MemberID) (lost []Kind) {
	for _, kind := range Kinds() {
		if !a.mayOwn(id, kind) {
			lost = append(lost, kind)
		}
	}
	return lost
}

// emptyBatch returns how many conversations it moved.
func (s *Service) emptyBatch(ctx context.Context, a Access, e Emptying) (moved int, err error) {
	if e.Member != "" && len(a.kindsLost(e.Member)) == 0 {
		return 0, nil // the right came back
	}
	page, err := s.store.ListConversations(ctx, e.query(a))
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

func (e Emptying) system() Principal { return Principal{Workspace: e.Workspace, Actor: System()} }

// query finds conversations of e that are not closed and that e may not have.
func (e Emptying) query(a Access) ConversationQuery {
	view, reach := View{Statuses: []Status{Unset, Open}}, Reach{Agent: e.Agent, Scopes: map[Kind]Scope{}}
	kinds, scope := Kinds(), ScopeAll
	switch {
	case e.Member != "":
		view.Assignees, kinds = []MemberID{e.Member}, a.kindsLost(e.Member)
	case e.Team != "":
		view.Teams = []TeamID{e.Team}
	default:
		view.Handlers, scope = []Handler{HandledByAI}, ScopeOwn
	}
	for _, kind := range kinds {
		reach.Scopes[kind] = scope
	}
	return ConversationQuery{
		Workspace: e.Workspace, View: view, Reach: reach, Order: Order{Field: ByCreated}, Page: PageRequest{Limit: emptyBatch},
	}
}

// holds reports whether c is still to be moved.
func (e Emptying) holds(a Access, c Conversation) bool {
	if c.Status == Closed {
		return false
	}
	switch {
	case e.Member != "":
		return c.Assignee == e.Member && !a.mayOwn(e.Member, c.Kind)
	case e.Team != "":
		return c.Team == e.Team && a.Directory.Teams[e.Team].Removed
	}
	return c.OriginAgent == e.Agent && c.Handler() == HandledByAI && a.Directory.Agents[e.Agent].Removed
}

// lose is the step by which e loses a conversation.
func (e Emptying) lose(t *turn) Move {
	switch {
	case e.Member != "":
		t.Reason = ReasonMemberRemoved
		if _, ok := t.access.Directory.Member(e.Member); ok {
			t.Reason = ReasonNotLiveAgent
		}
		return LoseMember(t.current, t.Turn)
	case e.Team != "":
		return LoseTeam(t.current, t.Turn)
	}
	return LoseAgent(t.current, t.Turn)
}

// emptyOne moves one conversation. It returns false if another server was faster,
// or if this server has not received the change yet.
func (s *Service) emptyOne(ctx context.Context, e Emptying, id ConversationID) (bool, error) {
	_, err := s.change(ctx, e.system(), Request{Conversation: id}, verb{
		name:  "empty",
		apply: func(_ context.Context, t *turn) (Move, error) { return e.lose(t), nil },
		verdict: func(a Access, c Conversation) Verdict {
			if e.holds(a, c) {
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
	return s.editDirectory(ctx, e.system(), func(a Access) (DirectoryChange, error) { return a.emptied(e), nil })
}

// emptied is empty when it was noted before, or when another removal or demotion
// began meanwhile.
func (a Access) emptied(e Emptying) DirectoryChange {
	d := a.Directory
	switch m, t, g, w := d.Members[e.Member], d.Teams[e.Team], d.Agents[e.Agent], d.Workspace; {
	case e.Member != "" && m.EmptyingSince.Equal(e.Since):
		m.EmptyingSince = time.Time{}
		m.Rev++
		return DirectoryChange{Member: &m}
	case e.Team != "" && t.EmptyingSince.Equal(e.Since):
		t.EmptyingSince = time.Time{}
		t.Rev++
		return DirectoryChange{Team: &t}
	case e.Agent != "" && g.EmptyingSince.Equal(e.Since):
		g.EmptyingSince = time.Time{}
		g.Rev++
		return DirectoryChange{Agent: &g}
	case e.Member == "" && e.Team == "" && e.Agent == "" && w.EmptyingSince.Equal(e.Since):
		w.EmptyingSince = time.Time{}
		w.Rev++
		return DirectoryChange{Workspace: &w}
	}
	return DirectoryChange{}
}
