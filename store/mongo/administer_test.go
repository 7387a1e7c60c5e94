package mongo_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// An act of administration is a few round trips, however many members it changes.
func TestAnActOverManyMembers(t *testing.T) {
	ctx, sent := context.Background(), &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	d := smallSpace()
	team := workspace.TeamID("large")
	d.Teams[team] = workspace.Team{ID: team, Workspace: d.Workspace.ID, Rev: 1}
	for i := range 900 {
		id := workspace.MemberID(fmt.Sprintf("member%d", i))
		d.Members[id] = workspace.Member{ID: id, Workspace: d.Workspace.ID, Teams: []workspace.TeamID{team}, Rev: 1}
	}
	require.NoError(t, s.CreateWorkspace(ctx, d))
	save := commit.DirectorySave{
		Workspace: d.Workspace.ID, Rev: d.Workspace.Rev,
		Audit: audit.AuditEntry{ID: "audit", Workspace: d.Workspace.ID, At: time.Unix(1, 0)},
	}
	for _, m := range d.SortedMembers() {
		m.Teams, m.Rev = nil, m.Rev+1
		save.Events = append(save.Events, inbox.Event{
			ID: inbox.EventID("leaves " + m.ID), Workspace: d.Workspace.ID, Type: inbox.DirectoryEvent, At: time.Unix(1, 0),
			Directory: &workspace.DirectoryChange{Member: &m},
		})
	}
	sent.taken()
	require.NoError(t, s.Administer(ctx, save))
	require.Equal(t, []string{"update", "update", "insert", "insert", "commitTransaction"}, names(sent.taken()))
	now, err := s.Directory(ctx, d.Workspace.ID)
	require.NoError(t, err)
	for _, m := range now.SortedMembers() {
		require.Empty(t, m.Teams)
		require.Equal(t, 2, m.Rev)
	}

	// One that was changed meanwhile ends all of it.
	save.Rev++
	save.Audit.ID = "audit 2"
	for i := range save.Events {
		e := &save.Events[i]
		m := *e.Directory.Member
		m.Name, m.Rev = "Anna", m.Rev+1
		e.ID, e.Directory = e.ID+" again", &workspace.DirectoryChange{Member: &m}
	}
	save.Events[450].Directory.Member.Rev++
	require.ErrorIs(t, s.Administer(ctx, save), commit.ErrStale)
	now, err = s.Directory(ctx, d.Workspace.ID)
	require.NoError(t, err)
	for _, m := range now.SortedMembers() {
		require.NotEqual(t, "Anna", m.Name)
	}
	require.NoError(t, s.Close(ctx))
}
