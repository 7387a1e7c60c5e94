package mongo_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// Whatever is read is what a majority has, also in transactions: an election takes
// nothing back that a caller was told.
func TestReadsAreOfTheMajority(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t) + "&readConcernLevel=local", Database: testdb.Database(t), Monitor: sent.monitor()})
	require.NoError(t, s.Commit(ctx, newConversation("c")))
	_, err := s.Conversation(ctx, "w", "c")
	require.NoError(t, err)
	_, err = s.ListConversations(ctx, access.ConversationQuery{Workspace: "w", Page: inbox.PageRequest{Limit: 3}})
	require.NoError(t, err)
	_, err = s.CountConversations(ctx, access.ConversationQuery{Workspace: "w"}, 10)
	require.NoError(t, err)
	_, err = s.EventByKey(ctx, "w", workspace.Actor{}, "k")
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	_, err = s.Workspaces(ctx)
	require.NoError(t, err)
	feed, err := s.Watch(ctx, "")
	require.NoError(t, err)
	require.NoError(t, feed.Close(ctx))

	read := map[string]int{}
	for _, command := range sent.taken() {
		name := names([]bson.Raw{command})[0]
		_, begins := command.Lookup("startTransaction").BooleanOK()
		_, within := command.Lookup("txnNumber").Int64OK()
		if !begins && (within || !slices.Contains([]string{"find", "aggregate", "count", "distinct"}, name)) {
			continue
		}
		level, _ := command.Lookup("readConcern", "level").StringValueOK()
		require.Equal(t, "majority", level, "%s: %s", name, command)
		read[name]++
	}
	require.Positive(t, read["find"])
	require.Positive(t, read["aggregate"])
	require.Positive(t, read["insert"], "a transaction begins with it")
	require.NoError(t, s.Close(ctx))
}
