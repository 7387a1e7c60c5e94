package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// staffed creates a workspace with one of each.
func (d *desk) staffed() inbox.Directory {
	d.t.Helper()
	dir := inbox.Directory{
		Workspace: inbox.Workspace{ID: d.ws, Name: "Desk", Plan: "pro", Rules: inbox.DefaultRules(), Rev: 1},
		Members:   map[inbox.MemberID]inbox.Member{},
		Teams:     map[inbox.TeamID]inbox.Team{},
		Agents:    map[inbox.AgentID]inbox.AIAgent{},
		Keys:      map[inbox.KeyID]inbox.APIKey{},
	}
	m := inbox.Member{ID: inbox.MemberID(id("m")), Workspace: d.ws, Name: "Mia", Availability: inbox.Online, Rev: 1}
	team := inbox.Team{ID: inbox.TeamID(id("t")), Workspace: d.ws, Name: "Sales", Rev: 1}
	agent := inbox.AIAgent{ID: inbox.AgentID(id("a")), Workspace: d.ws, Name: "Bot", Rev: 1}
	key := d.key()
	dir.Members[m.ID], dir.Teams[team.ID], dir.Agents[agent.ID], dir.Keys[key.ID] = m, team, agent, key
	require.NoError(d.t, d.CreateWorkspace(soon(d.t), dir))
	return dir
}

func directoryEvent(ws inbox.WorkspaceID, c inbox.DirectoryChange) inbox.Event {
	return inbox.Event{ID: inbox.EventID(id("e")), Workspace: ws, Type: inbox.DirectoryEvent, Actor: inbox.System(), At: at(1), Directory: &c}
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

	again := dir
	extra := only(dir.Members)
	extra.ID = inbox.MemberID(id("m"))
	again.Members = map[inbox.MemberID]inbox.Member{extra.ID: extra}
	require.ErrorIs(t, d.CreateWorkspace(soon(t), again), inbox.ErrDuplicateKey)

	other := inbox.Directory{Workspace: inbox.Workspace{ID: inbox.WorkspaceID(id("ws"))}, Members: dir.Members}
	require.ErrorIs(t, d.CreateWorkspace(soon(t), other), inbox.ErrDuplicateKey)
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
	m.Availability, m.Rev = inbox.Away, 2
	team.Removed, team.Rev = true, 2
	agent.Name, agent.Rev = "Botty", 2
	key.Hash, key.RevokedAt, key.Rev = "", at(5), 2
	another := d.key()
	added := inbox.Member{ID: inbox.MemberID(id("m")), Workspace: d.ws, Name: "Noa", Rev: 1}
	for _, c := range []inbox.DirectoryChange{{Workspace: &w}, {Member: &m}, {Team: &team}, {Agent: &agent}, {Key: &key}, {Member: &added}, {Key: &another}} {
		e := directoryEvent(d.ws, c)
		require.NoError(t, d.SaveDirectory(soon(t), e))
		stored, err := d.Event(soon(t), d.ws, e.ID)
		require.NoError(t, err)
		require.Equal(t, e, stored)
		require.ErrorIs(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, c)), inbox.ErrStale, "the revision is not one more any longer")
		dir = *dir.With(c)
	}
	got, err := d.Directory(soon(t), d.ws)
	require.NoError(t, err)
	require.Equal(t, dir, *got)

	t.Run("a key used before writes nothing", func(t *testing.T) {
		key := inbox.IdempotencyKey{Actor: inbox.System(), Key: "k", Request: "r"}
		m.Rev++
		e := directoryEvent(d.ws, inbox.DirectoryChange{Member: &m})
		e.Key = key
		require.NoError(t, d.SaveDirectory(soon(t), e))
		next := m
		next.Rev, next.Name = m.Rev+1, "nobody"
		e = directoryEvent(d.ws, inbox.DirectoryChange{Member: &next})
		e.Key = key
		require.ErrorIs(t, d.SaveDirectory(soon(t), e), inbox.ErrDuplicateKey)
		got, err := d.Directory(soon(t), d.ws)
		require.NoError(t, err)
		require.Equal(t, m, got.Members[m.ID])
	})
	t.Run("another workspace's", func(t *testing.T) {
		other := inbox.WorkspaceID(id("ws"))
		theirs := m
		theirs.Workspace, theirs.Rev = other, m.Rev+1
		err := d.SaveDirectory(soon(t), directoryEvent(other, inbox.DirectoryChange{Member: &theirs}))
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
		theirs.Rev = 1
		require.ErrorIs(t, d.SaveDirectory(soon(t), directoryEvent(other, inbox.DirectoryChange{Member: &theirs})), inbox.ErrDuplicateKey)
		require.Error(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, inbox.DirectoryChange{Member: &theirs})))
	})
	t.Run("no entity at all", func(t *testing.T) {
		require.Error(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, inbox.DirectoryChange{})))
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
			e := directoryEvent(d.ws, inbox.DirectoryChange{Member: &mine})
			return func() error { return d.SaveDirectory(ctx, e) }
		}
		errs := together(save("one"), save("two"))
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], inbox.ErrStale)
	}
}
