package admin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

const (
	// offboardingBatch bounds how many conversations are read, and moved, at once.
	offboardingBatch = 100
	// offboardingPending bounds how many of each sort are looked at in one go.
	offboardingPending = 100
	// offboardingGrace is for how long after a removal or a demotion its conversations
	// are searched for again: a server that had not received it yet, or a commit in
	// progress, may have assigned a conversation to the member who lost the right.
	// It is far longer than both a directory's age and a commit's deadline.
	offboardingGrace = time.Minute
)

// beginOffboarding moves the first batch at once. Run moves the rest, and those that
// failed: the act is done either way.
func (s *Offboarding) beginOffboarding(ctx context.Context, e inbox.Offboarding) {
	a, err := s.callers.Fresh(ctx, e.System())
	if err != nil {
		return
	}
	all, err := s.parts(ctx, a, e)
	if err != nil {
		return
	}
	for _, part := range all {
		_, _ = s.offboardNext(ctx, a, part)
	}
}

// toMove is how many conversations e has and may not have by the directory of a,
// CountLimit at most.
func (s *Offboarding) toMove(ctx context.Context, a access.Access, e inbox.Offboarding) (n int) {
	all, err := s.parts(ctx, a, e)
	if err != nil {
		return 0
	}
	for _, part := range all {
		of, _ := s.store.CountConversations(ctx, query(part, a), commit.CountLimit)
		n += of
	}
	return min(n, commit.CountLimit)
}

// reviewing records that a change of the workspace may have taken the right to own
// conversations from some of its members. Those are determined by the state after
// the commit.
func (m Amendment) reviewing(now time.Time) Amendment {
	if len(m.Fields) > 0 {
		m.Changes[0].Workspace.OffboardingSince = now
	}
	return m
}

// Run moves all conversations that members, teams and AI agents have and may no
// longer have, in all workspaces, a batch of each at a time. It may run on several
// servers and may end at any point: the rest is found again. A failure in one
// workspace does not stop the others.
func (s *Offboarding) Run(ctx context.Context) error {
	pending, err := s.store.Offboardings(ctx, offboardingPending)
	if err != nil {
		return err
	}
	var failed error
	for _, e := range pending {
		failed = errors.Join(failed, s.offboard(ctx, e))
	}
	return failed
}

// ReviewOwners takes from every member of every workspace the conversations that
// the member may not own by the present policy: a new policy may have taken the
// right while no server ran.
func (s *Offboarding) ReviewOwners(ctx context.Context) error {
	all, err := s.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range all {
		failed = errors.Join(failed, s.offboardParts(ctx, inbox.Offboarding{Workspace: w.ID}))
	}
	return failed
}

// offboard moves the conversations of e, and records that none is left once the grace
// is over.
func (s *Offboarding) offboard(ctx context.Context, e inbox.Offboarding) error {
	overdue := s.base.Clock().Sub(e.Since) >= offboardingGrace
	if err := s.offboardParts(ctx, e); err != nil {
		return fmt.Errorf("empty %+v: %w", e, err)
	}
	if !overdue {
		return nil
	}
	return s.offboarded(ctx, e)
}

func (s *Offboarding) offboardParts(ctx context.Context, e inbox.Offboarding) error {
	a, err := s.callers.Fresh(ctx, e.System())
	if err != nil {
		return err
	}
	all, err := s.parts(ctx, a, e)
	for _, part := range all {
		for moved := 1; err == nil && moved > 0; {
			moved, err = s.offboardNext(ctx, a, part)
		}
	}
	return err
}

// parts are the single members, teams and AI agents that e covers: for a whole
// workspace, every member who owns conversations of a kind without the right to.
func (s *Offboarding) parts(ctx context.Context, a access.Access, e inbox.Offboarding) ([]inbox.Offboarding, error) {
	if e.Member != "" || e.Team != "" || e.Agent != "" {
		return []inbox.Offboarding{e}, nil
	}
	var ids []workspace.MemberID
	for id := range a.Directory.Members {
		if len(kindsLost(a, id)) > 0 {
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
	var out []inbox.Offboarding
	for _, id := range ids {
		if loads[id].Open() > 0 {
			out = append(out, inbox.Offboarding{Workspace: e.Workspace, Member: id, Since: e.Since})
		}
	}
	return out, nil
}

// kindsLost are the kinds of which a member may own no conversation.
func kindsLost(a access.Access, id workspace.MemberID) (lost []workspace.Kind) {
	for _, kind := range workspace.Kinds() {
		if !a.MayOwn(id, kind) {
			lost = append(lost, kind)
		}
	}
	return lost
}

// offboardNext returns how many conversations it moved.
func (s *Offboarding) offboardNext(ctx context.Context, a access.Access, e inbox.Offboarding) (moved int, err error) {
	if e.Member != "" && len(kindsLost(a, e.Member)) == 0 {
		return 0, nil // the right came back
	}
	page, err := s.store.ListConversations(ctx, query(e, a))
	if err != nil || len(page.Items) == 0 {
		return 0, err
	}
	return s.desk.ReleaseEach(ctx, e, page.Items)
}

// query finds conversations of e that are not closed and that e may not have.
func query(e inbox.Offboarding, a access.Access) access.ConversationQuery {
	view, reach := access.View{Asleep: true, Statuses: []inbox.Status{inbox.Unset, inbox.Open}}, access.VisibilityFilter{Agent: e.Agent, Scopes: map[workspace.Kind]workspace.Scope{}}
	kinds, scope := workspace.Kinds(), workspace.ScopeAll
	switch {
	case e.Member != "":
		view.Assignees, kinds = []workspace.MemberID{e.Member}, kindsLost(a, e.Member)
	case e.Team != "":
		view.Teams = []workspace.TeamID{e.Team}
	default:
		view.Handlers, scope = []inbox.Handler{inbox.HandledByAI}, workspace.ScopeOwn
	}
	for _, kind := range kinds {
		reach.Scopes[kind] = scope
	}
	return access.ConversationQuery{
		Workspace: e.Workspace, View: view, Visibility: reach, Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: offboardingBatch},
	}
}

// offboarded notes that nothing more is to be moved.
func (s *Offboarding) offboarded(ctx context.Context, e inbox.Offboarding) error {
	return s.base.EditDirectory(ctx, e.System(), e.Member, func(a access.Access) (workspace.DirectoryChange, error) {
		return offboardedChange(a, e), nil
	})
}

// offboardedChange is empty when it was noted before, or when another removal or demotion
// began meanwhile.
func offboardedChange(a access.Access, e inbox.Offboarding) workspace.DirectoryChange {
	d := a.Directory
	switch m, t, g, w := d.Members[e.Member], d.Teams[e.Team], d.Agents[e.Agent], d.Workspace; {
	case e.Member != "" && m.OffboardingSince.Equal(e.Since):
		m.OffboardingSince = time.Time{}
		m.Rev++
		return workspace.DirectoryChange{Member: &m}
	case e.Team != "" && t.OffboardingSince.Equal(e.Since):
		t.OffboardingSince = time.Time{}
		t.Rev++
		return workspace.DirectoryChange{Team: &t}
	case e.Agent != "" && g.OffboardingSince.Equal(e.Since):
		g.OffboardingSince = time.Time{}
		g.Rev++
		return workspace.DirectoryChange{Agent: &g}
	case e.Member == "" && e.Team == "" && e.Agent == "" && w.OffboardingSince.Equal(e.Since):
		w.OffboardingSince = time.Time{}
		w.Rev++
		return workspace.DirectoryChange{Workspace: &w}
	}
	return workspace.DirectoryChange{}
}
