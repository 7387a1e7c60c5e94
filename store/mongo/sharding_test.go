package mongo_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/sharding"
	"switchboard/internal/testdb"
	"switchboard/store/document"
)

// What is sent to all shards of a sharded database is what internal/sharding lists, each
// with its reason, and nothing on that list is never sent.
func TestWhatIsSentToAllShards(t *testing.T) {
	ctx := context.Background()
	uri, name := testdb.URI(t), testdb.Database(t)
	s, sent := opened(t, uri, name)
	require.NoError(t, s.Prepare(ctx), "which looks for data, and migrates")
	checker, err := sharding.New()
	require.NoError(t, err)
	db := database(t, uri, name)
	_, err = db.Collection("loads").InsertOne(ctx, bson.D{{Key: "_id", Value: "w/old"}})
	require.NoError(t, err)
	none := func(doing string, err error) {
		if inbox.CodeOf(err) != inbox.NotFound {
			require.NoError(t, err, doing)
		}
	}
	none("migrate", s.Migrate(ctx))
	_, err = s.WorkspaceOfKey(ctx, "k")
	none("WorkspaceOfKey", err)
	_, err = s.Left(ctx, time.Now(), 5)
	none("Left", err)
	_, err = s.SpreadingContacts(ctx, 5)
	none("SpreadingContacts", err)
	_, err = s.Offboardings(ctx, 5)
	none("Offboardings", err)
	_, err = s.LapsedOffers(ctx, time.Now(), 5)
	none("LapsedOffers", err)
	_, err = s.WebhookWorkspaces(ctx)
	none("WebhookWorkspaces", err)
	_, _, err = s.StoredEvents(ctx, "", 5)
	none("StoredEvents", err)
	_, err = s.LostPresences(ctx, time.Now(), 5)
	none("LostPresences", err)
	_, err = s.NewestID(ctx)
	none("NewestID", err)
	none("ServerHeartbeat", s.ServerHeartbeat(ctx, "dead", true))
	none("ExpireServer", s.ExpireServer(ctx, "dead", 1, time.Now()))
	for _, collection := range document.Collections() {
		none("Export", s.Export(ctx, collection, func(bson.Raw) error { return nil }))
		_, err = s.CountExported(ctx, collection, time.Now())
		none("CountExported", err)
	}
	for _, command := range sent.taken() {
		require.NoError(t, checker.Check(command))
	}
	listed, err := sharding.Exceptions()
	require.NoError(t, err)
	for _, e := range listed {
		require.NotEmpty(t, e.Why, e)
		require.True(t, checker.Used[e], "an exception that nothing needs: %+v", e)
	}
	shards, err := sharding.Collections()
	require.NoError(t, err)
	for _, collection := range append(document.Collections(), "leases") {
		require.Contains(t, shards, collection)
	}
}

// Loads, rotations and counters that an earlier version wrote have no workspace. Migrate
// and Prepare add it; and a commit does that meets one which a server of that version has
// written since.
func TestLoadsFromBeforeWorkspaces(t *testing.T) {
	ctx := context.Background()
	s, db := openBeside(t)
	loads := db.Collection("loads")
	forget := func(id string) {
		change(t, db, "loads", id, bson.D{{Key: "$unset", Value: bson.D{{Key: "workspace", Value: ""}}}})
	}
	open := func() int {
		all, err := s.Loads(ctx, "w", []workspace.MemberID{"me"})
		require.NoError(t, err)
		return all["me"].Livechats
	}
	c := newConversation("c")
	require.NoError(t, s.Commit(ctx, c))
	id := document.LoadID("w", "me")
	moved := func(from inbox.Conversation, to workspace.MemberID, l inbox.LoadChange, turn *inbox.Rotation) inbox.Conversation {
		given := step(from, fmt.Sprintf("moved-%d", from.Version), "boss", assigned(to))
		given.Loads, given.Rotation = []inbox.LoadChange{l}, turn
		require.NoError(t, s.Commit(ctx, given))
		return *given.Event.After
	}
	taken := inbox.LoadChange{Member: "me", Kind: workspace.Livechat, Delta: 1}
	now := moved(c.Conversation, "me", taken, &inbox.Rotation{Member: "me", Count: 1})
	for name, adopt := range map[string]func(context.Context) error{"migrate": s.Migrate, "prepare": s.Prepare} {
		forget(id)
		forget(document.RotationID("w", ""))
		require.Zero(t, open(), name)
		require.NoError(t, adopt(ctx), name)
		require.Equal(t, 1, open(), name)
		n, err := loads.CountDocuments(ctx, bson.D{{Key: "workspace", Value: "w"}})
		require.NoError(t, err)
		require.EqualValues(t, 2, n, name)
	}
	for name, l := range map[string]inbox.LoadChange{
		"a cap": {Member: "me", Kind: workspace.Livechat, Delta: 1, Cap: 100}, "no cap": taken, "fewer": {Member: "me", Kind: workspace.Livechat, Delta: -1},
	} {
		before := open()
		forget(id)
		now = moved(now, "me", l, nil)
		require.Equal(t, before+l.Delta, open(), name)
	}
	forget(document.RotationID("w", ""))
	now = moved(now, "me", taken, &inbox.Rotation{Member: "me", Count: 2})
	_, err := s.ListNotifications(ctx, heard("member:me"))
	require.NoError(t, err)
	forget(document.SequenceCounterID("w"))
	moved(moved(now, "you", taken, nil), "me", taken, nil)
	_, err = s.ListNotifications(ctx, heard("member:me"))
	require.NoError(t, err)
}

// Loads come with their workspace from an export of an earlier version, and of the
// embedded engine, which keeps it beside them.
func TestImportedLoadsGetTheirWorkspace(t *testing.T) {
	s, _ := openBeside(t)
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: document.LoadID("w", "me")}, {Key: "member", Value: "me"}, {Key: "livechats", Value: 3}})
	require.NoError(t, err)
	require.NoError(t, s.Import(t.Context(), "loads", []bson.Raw{raw}))
	loads, err := s.Loads(t.Context(), "w", []workspace.MemberID{"me"})
	require.NoError(t, err)
	require.Equal(t, 3, loads["me"].Livechats)
}

// The insert that meets an id decides between two servers also where the ids of a shard
// are unique by themselves: the id has the workspace in it, which decides the shard.
func TestIdsThatDecideHaveTheWorkspace(t *testing.T) {
	for name, of := range map[string]func(ws workspace.WorkspaceID) string{
		"load":        func(ws workspace.WorkspaceID) string { return document.LoadID(ws, "m") },
		"rotation":    func(ws workspace.WorkspaceID) string { return document.RotationID(ws, "t") },
		"counter":     document.SequenceCounterID,
		"saved views": func(ws workspace.WorkspaceID) string { return document.SavedViewListID(ws, "member:m") },
	} {
		for _, ws := range []workspace.WorkspaceID{"w", "a/b", "ü %"} {
			require.Equal(t, ws, document.WorkspaceOfLoad(of(ws)), name)
		}
	}
}
