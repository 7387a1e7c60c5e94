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
)

// act is an administrative act on what is there now.
func (d *desk) act(rev int, changes ...inbox.DirectoryChange) inbox.DirectorySave {
	s := inbox.DirectorySave{Workspace: d.ws, Rev: rev, Audit: auditEntry(d.ws)}
	for _, c := range changes {
		s.Events = append(s.Events, directoryEvent(d.ws, c))
	}
	return s
}

func auditEntry(ws inbox.WorkspaceID) inbox.AuditEntry {
	return inbox.AuditEntry{
		ID: id("audit"), Workspace: ws, At: at(1), Actor: inbox.Actor{Kind: inbox.ActorMember, ID: "mia"}, Action: inbox.AuditTeamUpdate,
		Target: inbox.AuditTarget{Kind: inbox.AuditTeam, ID: "t", Name: "Sales"}, Fields: []inbox.AuditField{{Field: "name", From: "Sale", To: "Sales"}},
	}
}

func (d *desk) directory() inbox.Directory {
	d.t.Helper()
	got, err := d.Directory(soon(d.t), d.ws)
	require.NoError(d.t, err)
	return *got
}

func (d *desk) audited() []inbox.AuditEntry {
	d.t.Helper()
	page, err := d.ListAudit(soon(d.t), inbox.AuditQuery{Workspace: d.ws, Page: inbox.PageRequest{Limit: 100}})
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
	m.Teams, m.Rev = []inbox.TeamID{team.ID}, 2
	done := d.act(1, inbox.DirectoryChange{Team: &team}, inbox.DirectoryChange{Member: &m})
	done.Events[0].Key = inbox.IdempotencyKey{Actor: inbox.System(), Key: "k", Request: "r"}
	require.NoError(t, d.Administer(soon(t), done))
	want := *dir.With(inbox.DirectoryChange{Team: &team}).With(inbox.DirectoryChange{Member: &m})
	want.Workspace.Rev = 2
	require.Equal(t, want, d.directory())
	require.Equal(t, []inbox.AuditEntry{done.Audit}, d.audited())
	for _, e := range done.Events {
		stored, err := d.Event(soon(t), d.ws, e.ID)
		require.NoError(t, err)
		require.Equal(t, e, stored)
	}

	next, theirs := team, m
	next.Rev, theirs.Rev = 3, 2
	good, old := inbox.DirectoryChange{Team: &next}, inbox.DirectoryChange{Member: &theirs}
	for name, c := range map[string]struct {
		save  inbox.DirectorySave
		spoil func(*inbox.DirectorySave)
		want  error
	}{
		"another act was faster":   {d.act(1, good), nil, inbox.ErrStale},
		"an entity changed":        {d.act(2, good, old), nil, inbox.ErrStale},
		"a key used before":        {d.act(2, good), func(s *inbox.DirectorySave) { s.Events[0].Key = done.Events[0].Key }, inbox.ErrDuplicateKey},
		"an event that is there":   {d.act(2, good), func(s *inbox.DirectorySave) { s.Events[0].ID = done.Events[0].ID }, inbox.ErrDuplicateKey},
		"an entry that is there":   {d.act(2, good), func(s *inbox.DirectorySave) { s.Audit.ID = done.Audit.ID }, inbox.ErrDuplicateKey},
		"nothing at all":           {d.act(2), nil, nil},
		"the log of another":       {d.act(2, good), func(s *inbox.DirectorySave) { s.Audit.Workspace = "other" }, nil},
		"an entity of another":     {d.act(2, good), func(s *inbox.DirectorySave) { s.Events[0].Workspace = "other" }, nil},
		"no such workspace's acts": {d.act(9, good), nil, inbox.ErrStale},
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
			require.Equal(t, []inbox.AuditEntry{done.Audit}, d.audited())
		})
	}

	w := want.Workspace
	w.Plan, w.Rev = "free", 3
	require.NoError(t, d.Administer(soon(t), d.act(2, inbox.DirectoryChange{Workspace: &w})))
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
			m := inbox.Member{ID: inbox.MemberID(id("m")), Workspace: d.ws, Rev: 1}
			save := d.act(rev, inbox.DirectoryChange{Member: &m})
			acts = append(acts, func() error { return d.Administer(ctx, save) })
		}
		w := d.directory().Workspace
		w.Rev++
		plan := d.act(rev, inbox.DirectoryChange{Workspace: &w})
		errs := together(append(acts, func() error { return d.Administer(ctx, plan) })...)
		lost := slices.DeleteFunc(errs, func(err error) bool { return err == nil })
		require.Len(t, lost, 4)
		for _, err := range lost {
			require.ErrorIs(t, err, inbox.ErrStale)
		}
	}
	require.Len(t, d.audited(), 10)
}

func emptying(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dir := d.staffed()
	mine := func() []inbox.Emptying {
		all, err := d.Emptying(soon(t), 1000)
		require.NoError(t, err)
		return slices.DeleteFunc(all, func(e inbox.Emptying) bool { return e.Workspace != d.ws })
	}
	require.Empty(t, mine())
	m, team, agent := only(dir.Members), only(dir.Teams), only(dir.Agents)
	m.Removed, m.EmptyingSince, m.Rev = true, at(1), 2
	team.Removed, team.EmptyingSince, team.Rev = true, at(2), 2
	agent.Removed, agent.EmptyingSince, agent.Rev = true, at(3), 2
	for _, c := range []inbox.DirectoryChange{{Member: &m}, {Team: &team}, {Agent: &agent}} {
		require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, c)))
	}
	require.ElementsMatch(t, []inbox.Emptying{
		{Workspace: d.ws, Member: m.ID, Since: at(1)}, {Workspace: d.ws, Team: team.ID, Since: at(2)}, {Workspace: d.ws, Agent: agent.ID, Since: at(3)},
	}, mine())
	ws := dir.Workspace
	ws.EmptyingSince, ws.Rev = at(4), 2
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, inbox.DirectoryChange{Workspace: &ws})))
	require.Contains(t, mine(), inbox.Emptying{Workspace: d.ws, Since: at(4)})
	few, err := d.Emptying(soon(t), 1)
	require.NoError(t, err)
	require.LessOrEqual(t, len(few), 4, "one of each sort")
	ws.EmptyingSince, ws.Rev = time.Time{}, 3
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, inbox.DirectoryChange{Workspace: &ws})))
	team.EmptyingSince, team.Rev = time.Time{}, 3
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, inbox.DirectoryChange{Team: &team})))
	require.Len(t, mine(), 2)
}

func workspaces(t *testing.T, open Opener) {
	d := newDesk(t, open)
	one := d.staffed()
	d.ws = inbox.WorkspaceID(id("ws"))
	two := d.staffed()
	all, err := d.Workspaces(soon(t))
	require.NoError(t, err)
	require.Contains(t, all, one.Workspace)
	require.Contains(t, all, two.Workspace)
	require.True(t, slices.IsSortedFunc(all, func(a, b inbox.Workspace) int { return cmp.Compare(a.ID, b.ID) }))
}

// The log answers every filter as AuditQuery.Matches says, in pages of any size,
// newest first.
func auditLog(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	var all []inbox.AuditEntry
	for i := range 40 {
		e := auditEntry(d.ws)
		e.ID, e.At = fmt.Sprintf("%s-%02d", d.ws, i), at(i/3)
		e.Actor.ID = []string{"mia", "noa"}[i%2]
		e.Action = []inbox.AuditAction{inbox.AuditTeamCreate, inbox.AuditMemberAdd, "transferConversation"}[i%3]
		e.Target.ID = []string{"t1", "t2", "t3", "t4"}[i%4]
		e.Refused = i%5 == 0
		require.NoError(t, d.AppendAudit(ctx, e))
		all = append(all, e)
	}
	require.ErrorIs(t, d.AppendAudit(ctx, all[0]), inbox.ErrDuplicateKey)
	foreign := auditEntry(inbox.WorkspaceID(id("ws")))
	require.NoError(t, d.AppendAudit(ctx, foreign))
	slices.Reverse(all)
	yes, no := true, false
	for name, q := range map[string]inbox.AuditQuery{
		"everything": {}, "refused": {Refused: &yes}, "done": {Refused: &no},
		"of one": {Actor: inbox.Actor{Kind: inbox.ActorMember, ID: "mia"}}, "of an agent": {Actor: inbox.Actor{Kind: inbox.ActorAgent, ID: "mia"}},
		"some actions": {Actions: []inbox.AuditAction{inbox.AuditTeamCreate, inbox.AuditMemberAdd}},
		"a target":     {Target: inbox.AuditTarget{Kind: inbox.AuditTeam, ID: "t3"}}, "another kind": {Target: inbox.AuditTarget{Kind: inbox.AuditMember, ID: "t3"}},
		"all of it": {Actor: inbox.Actor{Kind: inbox.ActorMember, ID: "noa"}, Actions: []inbox.AuditAction{inbox.AuditMemberAdd}, Refused: &no},
	} {
		t.Run(name, func(t *testing.T) {
			q.Workspace = d.ws
			var want, got []inbox.AuditEntry
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
				q.Page.After = &inbox.Position{At: last.At, ID: last.ID}
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
			e := arbitrary[inbox.AuditEntry]().Draw(rt, "entry")
			e.ID, e.Workspace = id("audit"), inbox.WorkspaceID(id("ws"))
			require.NoError(rt, d.AppendAudit(ctx, e))
			page, err := d.ListAudit(ctx, inbox.AuditQuery{Workspace: e.Workspace, Page: inbox.PageRequest{Limit: 1}})
			require.NoError(rt, err)
			require.Equal(rt, []inbox.AuditEntry{e}, page.Items)
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
		e := directoryEvent(d.ws, inbox.DirectoryChange{Team: &team})
		require.NoError(t, d.SaveDirectory(soon(t), e))
		newest, err := d.NewestID(soon(t))
		require.NoError(t, err)
		require.GreaterOrEqual(t, newest, string(e.ID))
	}
}
