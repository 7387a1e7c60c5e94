package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// act is an administrative act on what is there now.
func (d *fixture) act(rev int, changes ...workspace.DirectoryChange) commit.DirectorySave {
	s := commit.DirectorySave{Workspace: d.ws, Rev: rev, Audit: auditEntry(d.ws)}
	for _, c := range changes {
		s.Events = append(s.Events, directoryEvent(d.ws, c))
	}
	return s
}

func auditEntry(ws workspace.WorkspaceID) audit.AuditEntry {
	return audit.AuditEntry{
		ID: id("audit"), Workspace: ws, At: at(1), Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}, Action: audit.AuditTeamUpdate,
		Target: audit.AuditTarget{Kind: audit.AuditTeam, ID: "t", Name: "Sales"}, Fields: []audit.AuditField{{Field: "name", From: "Sale", To: "Sales"}},
	}
}

func (d *fixture) directory() workspace.Directory {
	d.t.Helper()
	got, err := d.Directory(soon(d.t), d.ws)
	require.NoError(d.t, err)
	return *got
}

func (d *fixture) audited() []audit.AuditEntry {
	d.t.Helper()
	page, err := d.ListAudit(soon(d.t), audit.AuditQuery{Workspace: d.ws, Page: inbox.PageRequest{Limit: 100}})
	require.NoError(d.t, err)
	return page.Items
}

// An act that fails at any step leaves nothing of the steps before, and an act
// that succeeds leaves all of it.
func actWhole(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dir := d.staffed()
	team, m := only(dir.Teams), only(dir.Members)
	team.Name, team.Rev = "Renamed", 2
	m.Teams, m.Rev = []workspace.TeamID{team.ID}, 2
	done := d.act(1, workspace.DirectoryChange{Team: &team}, workspace.DirectoryChange{Member: &m})
	done.Events[0].Key = inbox.IdempotencyKey{Actor: workspace.System(), Key: "k", Request: "r"}
	require.NoError(t, d.Administer(soon(t), done))
	want := *dir.With(workspace.DirectoryChange{Team: &team}).With(workspace.DirectoryChange{Member: &m})
	want.Workspace.Rev = 2
	require.Equal(t, want, d.directory())
	require.Equal(t, []audit.AuditEntry{done.Audit}, d.audited())
	for _, e := range done.Events {
		stored, err := d.Event(soon(t), d.ws, e.ID)
		require.NoError(t, err)
		require.Equal(t, e, stored)
	}

	next, theirs := team, m
	next.Rev, theirs.Rev = 3, 2
	good, old := workspace.DirectoryChange{Team: &next}, workspace.DirectoryChange{Member: &theirs}
	for name, c := range map[string]struct {
		save  commit.DirectorySave
		spoil func(*commit.DirectorySave)
		want  error
	}{
		"another act was faster":   {d.act(1, good), nil, commit.ErrStale},
		"an entity changed":        {d.act(2, good, old), nil, commit.ErrStale},
		"a key used before":        {d.act(2, good), func(s *commit.DirectorySave) { s.Events[0].Key = done.Events[0].Key }, commit.ErrDuplicateKey},
		"an event that is there":   {d.act(2, good), func(s *commit.DirectorySave) { s.Events[0].ID = done.Events[0].ID }, commit.ErrDuplicateKey},
		"an entry that is there":   {d.act(2, good), func(s *commit.DirectorySave) { s.Audit.ID = done.Audit.ID }, commit.ErrDuplicateKey},
		"nothing at all":           {d.act(2), nil, nil},
		"the log of another":       {d.act(2, good), func(s *commit.DirectorySave) { s.Audit.Workspace = "other" }, nil},
		"an entity of another":     {d.act(2, good), func(s *commit.DirectorySave) { s.Events[0].Workspace = "other" }, nil},
		"no such workspace's acts": {d.act(9, good), nil, commit.ErrStale},
	} {
		t.Run(name, func(t *testing.T) {
			if c.spoil != nil {
				c.spoil(&c.save)
			}
			err := d.Administer(soon(t), c.save)
			require.Error(t, err)
			if c.want != nil {
				require.ErrorIs(t, err, c.want)
			}
			require.Equal(t, want, d.directory())
			require.Equal(t, []audit.AuditEntry{done.Audit}, d.audited())
		})
	}

	w := want.Workspace
	w.Plan, w.Rev = "free", 3
	require.NoError(t, d.Administer(soon(t), d.act(2, workspace.DirectoryChange{Workspace: &w})))
	require.Equal(t, w, d.directory().Workspace, "an act on the workspace itself counts once")
}

// Of acts that were decided on the same revision one is done, whatever entities
// they are about. B:Z2
func actsInTurn(t *testing.T, open Opener) {
	d := newDesk(t, open)
	d.staffed()
	ctx := soon(t)
	for rev := 1; rev <= 10; rev++ {
		var acts []func() error
		for range 4 {
			m := workspace.Member{ID: workspace.MemberID(id("m")), Workspace: d.ws, Rev: 1}
			save := d.act(rev, workspace.DirectoryChange{Member: &m})
			acts = append(acts, func() error { return d.Administer(ctx, save) })
		}
		w := d.directory().Workspace
		w.Rev++
		plan := d.act(rev, workspace.DirectoryChange{Workspace: &w})
		errs := together(append(acts, func() error { return d.Administer(ctx, plan) })...)
		lost := slices.DeleteFunc(errs, func(err error) bool { return err == nil })
		require.Len(t, lost, 4)
		for _, err := range lost {
			require.ErrorIs(t, err, commit.ErrStale)
		}
	}
	require.Len(t, d.audited(), 10)
}

func emptying(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dir := d.staffed()
	mine := func() []inbox.Offboarding {
		all, err := d.Offboardings(soon(t), 1000)
		require.NoError(t, err)
		return slices.DeleteFunc(all, func(e inbox.Offboarding) bool { return e.Workspace != d.ws })
	}
	require.Empty(t, mine())
	m, team, agent := only(dir.Members), only(dir.Teams), only(dir.Agents)
	m.Removed, m.OffboardingSince, m.Rev = true, at(1), 2
	team.Removed, team.OffboardingSince, team.Rev = true, at(2), 2
	agent.Removed, agent.OffboardingSince, agent.Rev = true, at(3), 2
	for _, c := range []workspace.DirectoryChange{{Member: &m}, {Team: &team}, {Agent: &agent}} {
		require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, c)))
	}
	require.ElementsMatch(t, []inbox.Offboarding{
		{Workspace: d.ws, Member: m.ID, Since: at(1)}, {Workspace: d.ws, Team: team.ID, Since: at(2)}, {Workspace: d.ws, Agent: agent.ID, Since: at(3)},
	}, mine())
	ws := dir.Workspace
	ws.OffboardingSince, ws.Rev = at(4), 2
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, workspace.DirectoryChange{Workspace: &ws})))
	require.Contains(t, mine(), inbox.Offboarding{Workspace: d.ws, Since: at(4)})
	few, err := d.Offboardings(soon(t), 1)
	require.NoError(t, err)
	require.LessOrEqual(t, len(few), 4, "one of each sort")
	ws.OffboardingSince, ws.Rev = time.Time{}, 3
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, workspace.DirectoryChange{Workspace: &ws})))
	team.OffboardingSince, team.Rev = time.Time{}, 3
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, workspace.DirectoryChange{Team: &team})))
	require.Len(t, mine(), 2)
}

func workspaces(t *testing.T, open Opener) {
	d := newDesk(t, open)
	one := d.staffed()
	d.ws = workspace.WorkspaceID(id("ws"))
	two := d.staffed()
	all, err := d.Workspaces(soon(t))
	require.NoError(t, err)
	require.Contains(t, all, one.Workspace)
	require.Contains(t, all, two.Workspace)
	require.True(t, slices.IsSortedFunc(all, func(a, b workspace.Workspace) int { return cmp.Compare(a.ID, b.ID) }))
}

// The log answers every filter as AuditQuery.Matches says, in pages of any size,
// newest first.
func auditLog(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	var all []audit.AuditEntry
	for i := range 40 {
		e := auditEntry(d.ws)
		e.ID, e.At = fmt.Sprintf("%s-%02d", d.ws, i), at(i/3)
		e.Actor.ID = []string{"mia", "noa"}[i%2]
		e.Action = []audit.AuditAction{audit.AuditTeamCreate, audit.AuditMemberAdd, "transferConversation"}[i%3]
		e.Target.ID = []string{"t1", "t2", "t3", "t4"}[i%4]
		e.Refused = i%5 == 0
		require.NoError(t, d.AppendAudit(ctx, e))
		all = append(all, e)
	}
	require.ErrorIs(t, d.AppendAudit(ctx, all[0]), commit.ErrDuplicateKey)
	foreign := auditEntry(workspace.WorkspaceID(id("ws")))
	require.NoError(t, d.AppendAudit(ctx, foreign))
	slices.Reverse(all)
	yes, no := true, false
	for name, q := range map[string]audit.AuditQuery{
		"everything": {}, "refused": {Refused: &yes}, "done": {Refused: &no},
		"of one": {Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}}, "of an agent": {Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: "mia"}},
		"some actions": {Actions: []audit.AuditAction{audit.AuditTeamCreate, audit.AuditMemberAdd}},
		"since":        {From: at(5)}, "before": {Until: at(5)}, "a span of one actor": {From: at(3), Until: at(9), Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}},
		"a target": {Target: audit.AuditTarget{Kind: audit.AuditTeam, ID: "t3"}}, "another kind": {Target: audit.AuditTarget{Kind: audit.AuditMember, ID: "t3"}},
		"all of it": {Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "noa"}, Actions: []audit.AuditAction{audit.AuditMemberAdd}, Refused: &no},
	} {
		t.Run(name, func(t *testing.T) {
			q.Workspace = d.ws
			var want, got []audit.AuditEntry
			for _, e := range all {
				if q.Matches(e) {
					want = append(want, e)
				}
			}
			for q.Page = (inbox.PageRequest{Limit: 7}); ; {
				page, err := d.ListAudit(ctx, q)
				require.NoError(t, err)
				require.Equal(t, q.Page.After != nil && len(got) > 0, page.HasPrev)
				got = append(got, page.Items...)
				if !page.HasNext {
					break
				}
				last := page.Items[len(page.Items)-1]
				q.Page.After = &inbox.PageCursor{At: last.At, ID: last.ID}
			}
			require.Equal(t, want, got)
			for _, limit := range []int{len(want) + 1, max(1, len(want)/2)} {
				n, err := d.CountAudit(ctx, q, limit)
				require.NoError(t, err)
				require.Equal(t, min(limit, len(want)), n)
			}
		})
	}
	t.Run("whatever it holds", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			e := arbitrary[audit.AuditEntry]().Draw(rt, "entry")
			e.ID, e.Workspace = id("audit"), workspace.WorkspaceID(id("ws"))
			require.NoError(rt, d.AppendAudit(ctx, e))
			page, err := d.ListAudit(ctx, audit.AuditQuery{Workspace: e.Workspace, Page: inbox.PageRequest{Limit: 1}})
			require.NoError(rt, err)
			require.Equal(rt, []audit.AuditEntry{e}, page.Items)
		})
	})
}

// newestID follows what was written last, whatever else is written at the same time.
func newestID(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dir := d.staffed()
	team := only(dir.Teams)
	for rev := 2; rev < 5; rev++ {
		team.Rev = rev
		e := directoryEvent(d.ws, workspace.DirectoryChange{Team: &team})
		require.NoError(t, d.SaveDirectory(soon(t), e))
		newest, err := d.NewestID(soon(t))
		require.NoError(t, err)
		require.GreaterOrEqual(t, newest, string(e.ID))
	}
}
