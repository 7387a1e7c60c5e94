package mongo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// A conversation that an earlier version wrote has contact tokens of issue 0 and
// neither successor nor predecessor, and can get all three.
func TestConversationsFromBefore(t *testing.T) {
	s, db := openBeside(t)
	now := time.Now().UTC().Truncate(time.Millisecond)
	turn := inbox.Command{By: workspace.System(), At: now, Rules: workspace.DefaultRules()}
	write := func(m inbox.Move, change commit.Change, id string) {
		m.Event.ID, m.Event.After = inbox.EventID(id), &m.After
		change.Conversation, change.Event = m.After, m.Event
		require.NoError(t, s.Commit(t.Context(), change))
	}
	first := inbox.Create(inbox.Draft{ID: "old", Workspace: "w", Kind: workspace.Ticket}, "", "", false, turn)
	write(first, commit.Change{Create: true}, "e1")
	closed := inbox.Close(first.After, turn)
	write(closed, commit.Change{Guard: commit.Guard{Version: 1}}, "e2")

	raw := bson.M{}
	require.NoError(t, db.Collection("conversations").FindOne(t.Context(), bson.D{{Key: "_id", Value: "old"}}).Decode(&raw))
	for _, added := range []string{"tokenIssue", "next", "previous"} {
		require.NotContains(t, raw, added, "the document is not as an earlier version wrote it")
	}
	old, err := s.Conversation(t.Context(), "w", "old")
	require.NoError(t, err)
	require.Zero(t, old.TokenIssue)
	require.Empty(t, old.Next+old.Previous)

	write(inbox.EndTokens(old, turn), commit.Change{EndTokens: true, Guard: commit.Guard{TokenIssue: &old.TokenIssue}}, "e3")
	next := inbox.Create(inbox.Draft{ID: "next", Workspace: "w", Kind: workspace.Ticket, Previous: "old"}, "", "", false, turn)
	write(next, commit.Change{Create: true, Continues: "old"}, "e4")
	now2, err := s.Conversation(t.Context(), "w", "old")
	require.NoError(t, err)
	require.Equal(t, 1, now2.TokenIssue)
	require.Equal(t, inbox.ConversationID("next"), now2.Next)
}

// A workspace that an earlier version wrote lacks the rules that came since: each
// reads as its default, so that all rules are valid and can be changed. B:C1, B:C4
func TestRulesFromBefore(t *testing.T) {
	s, db := openBeside(t)
	rules := workspace.DefaultRules()
	rules.UndoWindow, rules.AutoAssignTickets = time.Hour, true
	require.NoError(t, s.CreateWorkspace(t.Context(), workspace.Directory{Workspace: workspace.Workspace{ID: "w", Name: "W", Plan: "pro", Rules: rules, Rev: 1}}))

	var lost bson.D
	for _, rule := range []string{"onReopen", "reopenWindow", "stickyOwner", "contactMayClose", "closeIdleAfter"} {
		lost = append(lost, bson.E{Key: "rules." + rule, Value: ""})
	}
	change(t, db, "workspaces", "w", bson.D{{Key: "$unset", Value: lost}})

	d, err := s.Directory(t.Context(), "w")
	require.NoError(t, err)
	require.Equal(t, rules, d.Workspace.Rules)
	require.NoError(t, admin.ValidateRules(d.Workspace.Rules))
}
