package mongo_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// A conversation that an earlier version wrote does not say which key began it. The
// migration finds that in the event that created it, or what it continues; a conversation
// without that event was begun by none. It does not touch what is known. B:V12
func TestTheMigrationFindsWhoBeganConversations(t *testing.T) {
	s, db := openBeside(t)
	key := workspace.Actor{Kind: workspace.ActorPartner, ID: "k"}
	want := map[inbox.ConversationID]workspace.KeyID{"keys": "k", "continued": "k", "again": "k", "members": "", "forgotten": "", "known": "other"}
	for id, row := range map[inbox.ConversationID]struct {
		by       workspace.Actor
		previous inbox.ConversationID
	}{
		"keys": {key, ""}, "continued": {workspace.Actor{Kind: workspace.ActorContact, ID: "p"}, "keys"}, "again": {workspace.Actor{Kind: workspace.ActorMember, ID: "m"}, "continued"},
		"members": {workspace.Actor{Kind: workspace.ActorMember, ID: "m"}, ""}, "forgotten": {key, ""}, "known": {key, ""},
	} {
		c := newConversation(string(id))
		c.Conversation.Previous, c.Event.Actor = row.previous, row.by
		c.Conversation.Feeder = want[id]
		c.Event.After = &c.Conversation
		require.NoError(t, s.Commit(t.Context(), c))
		if id != "known" {
			change(t, db, "conversations", string(id), bson.D{{Key: "$unset", Value: bson.D{{Key: "feeder", Value: ""}}}})
		}
	}
	_, err := db.Collection("events").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: "e-forgotten"}})
	require.NoError(t, err)
	_, err = db.Collection("settings").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: "words"}})
	require.NoError(t, err)
	for range 2 { // it may run again
		require.NoError(t, s.Migrate(t.Context()))
		for id, feeder := range want {
			c, err := s.Conversation(t.Context(), "w", id)
			require.NoError(t, err)
			require.Equal(t, feeder, c.Feeder, id)
		}
	}
}
