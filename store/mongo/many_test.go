package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// TestManyConversations: what is done to many conversations sends a few commands for each
// batch, however many there are in it.
func TestManyConversations(t *testing.T) {
	ctx, sent := context.Background(), &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	t.Cleanup(func() { require.NoError(t, s.Close(ctx)) })
	const many = 300
	var owned []inbox.Conversation
	for i := range many {
		c := newConversation(fmt.Sprint("many", i))
		c.Contact, c.Event.Key = nil, inbox.IdempotencyKey{}
		c.Conversation.ExternalID, c.Conversation.Contact, c.Event.Messages = "", "ada", nil
		require.NoError(t, s.Commit(ctx, c))
		owned = append(owned, *c.Event.After)
	}
	t.Run("assigned to one member", func(t *testing.T) {
		var changes []commit.Change
		for i, c := range owned {
			changes = append(changes, takenOver(c, fmt.Sprint("many", i)))
		}
		sent.taken()
		require.NoError(t, errors.Join(s.CommitEach(ctx, changes)...))
		batch := []string{"update", "update", "find", "insert", "commitTransaction"}
		require.Equal(t, append(append(append([]string{}, batch...), batch...), batch...), settled(names(sent.taken())))
	})
	t.Run("of a contact that changed", func(t *testing.T) {
		ada := inbox.Contact{ID: "ada", Workspace: "w", Name: "Ada", Rev: 1}
		_, err := s.SaveContacts(ctx, commit.ContactSave{Workspace: "w", Contacts: []inbox.Contact{ada}})
		require.NoError(t, err)
		ada.Rev, ada.Name, ada.CopyRevision = 2, "Ada L.", 1
		n := 0
		save := commit.ContactSave{Workspace: "w", Contacts: []inbox.Contact{ada}, Copy: &commit.ContactCopying{Contact: ada, Limit: 100, Follow: func(c inbox.Conversation) commit.Change {
			n++
			c.ContactName, c.ContactCopyRevision = ada.Name, 1
			return commit.Change{Conversation: c, Event: inbox.Event{
				ID: inbox.EventID(fmt.Sprint("follows", n)), Workspace: "w", Type: inbox.ContactEvent, Conversation: c.ID, At: moment(3), After: &c,
			}}
		}}}
		sent.taken()
		done, err := s.SaveContacts(ctx, save)
		require.NoError(t, err)
		require.Len(t, done.Events, 100)
		require.Less(t, len(sent.taken()), 10)
		c, err := s.Conversation(ctx, "w", done.Events[99].Conversation)
		require.NoError(t, err)
		require.Equal(t, "Ada L.", c.ContactName)
		require.Equal(t, c.Revision, done.Events[99].After.Revision)
	})
}

// settled leaves out the command by which several changes settle notifications.
func settled(commands []string) (out []string) {
	for i, name := range commands {
		if name != "update" || i == 0 || commands[i-1] != "find" {
			out = append(out, name)
		}
	}
	return out
}

// Commits that write one member together, of which some meet another server, are
// committed once each, with what each demands.
func TestCommitsTogetherSurviveFaults(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{})
	for name, failure := range map[string]testdb.Failure{
		"conflict on the loads": {Commands: []string{"update"}, Times: 1, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"}},
		"conflict at the end":   {Commands: []string{"commitTransaction"}, Times: 1, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"}},
		"connection lost":       {Commands: []string{"commitTransaction"}, Times: 1, CloseConnection: true},
		"insert refused":        {Commands: []string{"insert"}, Times: 1, ErrorCode: 8, ErrorLabels: nil},
	} {
		t.Run(name, func(t *testing.T) {
			member := workspace.MemberID("of " + name)
			var changes []commit.Change
			for i := range 20 {
				c := newConversation(fmt.Sprint(name, i))
				c.Contact, c.Conversation.ExternalID, c.Event.Key, c.Event.Messages = nil, "", inbox.IdempotencyKey{}, nil
				require.NoError(t, s.Commit(ctx, c))
				change := takenOver(*c.Event.After, fmt.Sprint(name, i))
				change.Conversation.Assignee, change.Loads = member, []inbox.LoadChange{{Member: member, Kind: workspace.Livechat, Delta: 1}}
				changes = append(changes, change)
			}
			server.FailCommand(ctx, failure)
			for _, err := range s.CommitEach(ctx, changes) {
				require.NoError(t, err)
			}
			loads, err := s.Loads(ctx, "w", []workspace.MemberID{member})
			require.NoError(t, err)
			require.Equal(t, 20, loads[member].Livechats)
		})
	}
}
