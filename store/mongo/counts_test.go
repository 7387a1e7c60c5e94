package mongo_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/store/document"
	"switchboard/store/mongo"
)

// boardViews are the views that the board opens with.
func boardViews() []access.View {
	open := []inbox.Status{inbox.Open, inbox.Unset}
	view := func(list access.List, edit ...func(*access.View)) access.View {
		v := access.View{List: list, Statuses: open}
		for _, e := range edit {
			e(&v)
		}
		return v
	}
	return []access.View{
		view(access.ListMine), view(access.ListUnassigned), view(access.ListQueued), view(access.ListMyTeams), view(access.ListAll),
		view(access.ListAll, func(v *access.View) { v.Handlers = []inbox.Handler{inbox.HandledByAI} }),
		view(access.ListAll, func(v *access.View) { v.Teams = []workspace.TeamID{"t1"} }),
	}
}

// openChats are open chats of a workspace: of one member in a hundred, and one in ten of a
// team that nobody counts.
func openChats(n int) (docs []any) {
	for i := range n {
		c := newConversation(fmt.Sprint("c", i)).Conversation
		c.LastMessage, c.WaitingSince = nil, moment(0)
		if i%100 == 0 {
			c.Assignee = "me"
		}
		if i%10 == 0 {
			c.Team = "t1"
		}
		docs = append(docs, document.OfConversation(c))
	}
	return docs
}

// The counts of a board cost a count for each view, and the ids and versions of those
// below the limit. Measured before: 4,500 documents in 835 KB.
func TestTheCountsOfABoard(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	w, uri := throughWire(t, server)
	s := open(t, mongo.Config{URI: uri})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	all := openChats(6_000)
	for from := 0; from < len(all); from += 1_000 {
		_, err := client(t, server.URI()).Database("switchboard").Collection("conversations").InsertMany(t.Context(), all[from:from+1_000])
		require.NoError(t, err)
	}
	w.Reset()
	ids, above := 0, 0
	for _, v := range boardViews() {
		q := access.ConversationQuery{Workspace: "w", View: v, Visibility: reaches()["all"]}
		n, err := s.CountConversations(t.Context(), q, 3*commit.CountLimit/2)
		require.NoError(t, err)
		if n >= commit.CountLimit {
			above++
			continue
		}
		held, err := s.OwnershipSnapshots(t.Context(), q, 3*commit.CountLimit/2)
		require.NoError(t, err)
		require.Len(t, held, n)
		ids += n
	}
	cost := w.Total(func(c faultlink.Command) bool { return c.Collection == "conversations" })
	t.Logf("%d commands, %d documents, %d bytes of answers; %d views above the limit", cost.Commands, ids, cost.Answered, above)
	require.Positive(t, above)
	require.LessOrEqual(t, cost.Commands, 2*len(boardViews())-above)
	require.LessOrEqual(t, cost.Answered, 80*ids+500*len(boardViews()), "an id with its version, and an envelope for each command")
}

// A snapshot is projected to what is counted: no more of a conversation is sent.
func TestSnapshotsAreProjected(t *testing.T) {
	var r recorder
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: r.monitor()})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	r.taken()
	_, err := s.OwnershipSnapshots(t.Context(), access.ConversationQuery{Workspace: "w", Visibility: reaches()["all"]}, 10)
	require.NoError(t, err)
	sent := r.taken()
	require.Equal(t, []string{"find"}, names(sent))
	var projection bson.M
	require.NoError(t, sent[0].Lookup("projection").Unmarshal(&projection))
	require.Equal(t, bson.M{"version": int32(1)}, projection)
}
