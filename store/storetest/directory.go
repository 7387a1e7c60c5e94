package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// staffed creates a workspace with one of each.
func (d *fixture) staffed() workspace.Directory {
	d.t.Helper()
	dir := workspace.Directory{
		Workspace: workspace.Workspace{ID: d.ws, Name: "Desk", Plan: "pro", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{},
		Teams:     map[workspace.TeamID]workspace.Team{},
		Agents:    map[workspace.AgentID]workspace.AIAgent{},
		Keys:      map[workspace.KeyID]workspace.APIKey{},
		Webhooks:  map[workspace.WebhookID]workspace.Webhook{},
	}
	m := workspace.Member{ID: workspace.MemberID(id("m")), Workspace: d.ws, Name: "Mia", Availability: workspace.Online, Rev: 1}
	team := workspace.Team{ID: workspace.TeamID(id("t")), Workspace: d.ws, Name: "Sales", Rev: 1}
	agent := workspace.AIAgent{ID: workspace.AgentID(id("a")), Workspace: d.ws, Name: "Bot", Rev: 1}
	key := d.key()
	dir.Members[m.ID], dir.Teams[team.ID], dir.Agents[agent.ID], dir.Keys[key.ID] = m, team, agent, key
	require.NoError(d.t, d.CreateWorkspace(soon(d.t), dir))
	return dir
}

func directoryEvent(ws workspace.WorkspaceID, c workspace.DirectoryChange) inbox.Event {
	return inbox.Event{ID: inbox.EventID(id("e")), Workspace: ws, Type: inbox.DirectoryEvent, Actor: workspace.System(), At: at(1), Directory: &c}
}

func only[K comparable, V any](m map[K]V) V {
	for _, v := range m {
		return v
	}
	panic("storetest: an empty map")
}

func directoryCreate(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dir := d.staffed()
	got, err := d.Directory(soon(t), d.ws)
	require.NoError(t, err)
	require.Equal(t, dir, *got)
	someone := only(dir.Members)
	m, err := d.Member(soon(t), d.ws, someone.ID)
	require.NoError(t, err)
	require.Equal(t, someone, m)
	for ws, member := range map[workspace.WorkspaceID]workspace.MemberID{"elsewhere": someone.ID, d.ws: "nobody"} {
		_, err := d.Member(soon(t), ws, member)
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	}

	again := dir
	extra := someone
	extra.ID = workspace.MemberID(id("m"))
	again.Members = map[workspace.MemberID]workspace.Member{extra.ID: extra}
	require.ErrorIs(t, d.CreateWorkspace(soon(t), again), commit.ErrDuplicateKey)

	other := workspace.Directory{Workspace: workspace.Workspace{ID: workspace.WorkspaceID(id("ws"))}, Members: dir.Members}
	require.ErrorIs(t, d.CreateWorkspace(soon(t), other), commit.ErrDuplicateKey)
	_, err = d.Directory(soon(t), other.Workspace.ID)
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err), "all of it or nothing")
	got, err = d.Directory(soon(t), d.ws)
	require.NoError(t, err)
	require.Equal(t, dir, *got)
}

func directorySave(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dir := d.staffed()
	w, m, team, agent, key := dir.Workspace, only(dir.Members), only(dir.Teams), only(dir.Agents), only(dir.Keys)
	w.Name, w.Rev = "Renamed", 2
	m.Availability, m.Rev = workspace.Away, 2
	team.Removed, team.Rev = true, 2
	agent.Name, agent.Rev = "Botty", 2
	key.Hash, key.RevokedAt, key.Rev = "", at(5), 2
	another := d.key()
	added := workspace.Member{ID: workspace.MemberID(id("m")), Workspace: d.ws, Name: "Noa", Rev: 1}
	for _, c := range []workspace.DirectoryChange{{Workspace: &w}, {Member: &m}, {Team: &team}, {Agent: &agent}, {Key: &key}, {Member: &added}, {Key: &another}} {
		e := directoryEvent(d.ws, c)
		require.NoError(t, d.SaveDirectory(soon(t), e))
		stored, err := d.Event(soon(t), d.ws, e.ID)
		require.NoError(t, err)
		require.Equal(t, e, stored)
		require.ErrorIs(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, c)), commit.ErrStale, "the revision is not one more any longer")
		dir = *dir.With(c)
	}
	got, err := d.Directory(soon(t), d.ws)
	require.NoError(t, err)
	require.Equal(t, dir, *got)

	t.Run("a key used before writes nothing", func(t *testing.T) {
		key := inbox.IdempotencyKey{Actor: workspace.System(), Key: "k", Request: "r"}
		m.Rev++
		e := directoryEvent(d.ws, workspace.DirectoryChange{Member: &m})
		e.Key = key
		require.NoError(t, d.SaveDirectory(soon(t), e))
		next := m
		next.Rev, next.Name = m.Rev+1, "nobody"
		e = directoryEvent(d.ws, workspace.DirectoryChange{Member: &next})
		e.Key = key
		require.ErrorIs(t, d.SaveDirectory(soon(t), e), commit.ErrDuplicateKey)
		got, err := d.Directory(soon(t), d.ws)
		require.NoError(t, err)
		require.Equal(t, m, got.Members[m.ID])
	})
	t.Run("another workspace's", func(t *testing.T) {
		other := workspace.WorkspaceID(id("ws"))
		theirs := m
		theirs.Workspace, theirs.Rev = other, m.Rev+1
		err := d.SaveDirectory(soon(t), directoryEvent(other, workspace.DirectoryChange{Member: &theirs}))
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
		theirs.Rev = 1
		require.ErrorIs(t, d.SaveDirectory(soon(t), directoryEvent(other, workspace.DirectoryChange{Member: &theirs})), commit.ErrDuplicateKey)
		require.Error(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, workspace.DirectoryChange{Member: &theirs})))
	})
	t.Run("no entity at all", func(t *testing.T) {
		require.Error(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, workspace.DirectoryChange{})))
	})
}

func directoryRace(t *testing.T, open Opener) {
	d := newDesk(t, open)
	m := only(d.staffed().Members)
	ctx := soon(t)
	for range 20 {
		m.Rev++
		save := func(name string) func() error {
			mine := m
			mine.Name = name
			e := directoryEvent(d.ws, workspace.DirectoryChange{Member: &mine})
			return func() error { return d.SaveDirectory(ctx, e) }
		}
		errs := together(save("one"), save("two"))
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], commit.ErrStale)
	}
}
