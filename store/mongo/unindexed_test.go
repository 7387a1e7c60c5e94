package mongo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// Collections that are dropped and put back without their indexes, in whatever way: no
// commit is made without them, so that no repeat writes twice, and it says what to do.
// Once the database is migrated everything goes on.
func TestNothingIsCommittedWithoutTheIndexes(t *testing.T) {
	for name, lose := range map[string]bson.D{
		"dropped":            {{Key: "drop", Value: "events"}},
		"the whole database": {{Key: "dropDatabase", Value: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s, db := openBeside(t)
			stream, err := s.Watch(t.Context(), "")
			require.NoError(t, err)
			require.NoError(t, s.Commit(t.Context(), newConversation("before")))
			require.Equal(t, inbox.EventID("e-before"), nextEvent(t, stream).ID)

			position := stream.Position()
			require.NoError(t, db.RunCommand(t.Context(), lose).Err())
			_, err = stream.Next(t.Context())
			require.ErrorIs(t, err, feed.ErrHistoryLost)
			require.ErrorIs(t, s.Writable(), mongo.ErrNotMigrated, "before anybody looked")
			require.NoError(t, stream.Close(t.Context()))
			require.NoError(t, s.FeedHeartbeat(t.Context()), "which puts the collection back")

			for range 3 {
				err := s.Commit(t.Context(), newConversation("during"))
				require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
				_, err = s.Watch(t.Context(), "")
				require.ErrorIs(t, err, mongo.ErrNotMigrated)
				require.ErrorContains(t, err, "events.key")
				require.ErrorContains(t, err, "switchboard migrate")
				require.ErrorContains(t, s.Writable(), "events.key")
			}
			require.NoError(t, s.Migrate(t.Context()))
			again, err := s.Watch(t.Context(), "")
			require.NoError(t, err)
			require.NoError(t, again.Close(t.Context()))
			require.NoError(t, s.Writable())
			later := open(t, mongo.Config{URI: testdb.URI(t), Database: db.Name()})
			defer func() { require.NoError(t, later.Close(t.Context())) }()
			require.NoError(t, later.Prepare(t.Context()))
			for _, server := range []*mongo.Store{s, later} {
				readPast(t, server, position)
				require.NoError(t, server.Writable(), "what was dropped was put right since")
			}
			require.NoError(t, s.Commit(t.Context(), newConversation("after")))
			require.Error(t, s.Commit(t.Context(), newConversation("after")))
		})
	}
}

// readPast reads what happened behind a position, in each way, until it comes to what was
// dropped or to the end.
func readPast(t *testing.T, s *mongo.Store, position string) {
	t.Helper()
	all, err := s.Watch(t.Context(), position)
	require.NoError(t, err)
	one, err := s.WatchWorkspace(t.Context(), "w", position)
	require.NoError(t, err)
	recent, err := s.WatchRecent(t.Context(), time.Minute, 100)
	require.NoError(t, err)
	for name, past := range map[string]feed.FeedStream{"all": all, "of a workspace": one, "recent": recent} {
		for more := true; more && err == nil; {
			_, more, err = past.TryNext(t.Context())
		}
		if name == "all" {
			require.ErrorIs(t, err, feed.ErrHistoryLost)
		}
		err = nil
		require.NoError(t, past.Close(t.Context()))
	}
}

// An index that is missing when a feed is opened that was lost, for whatever reason, is
// noticed then: each index of the table.
func TestAFeedThatWasLostLooksAtEachIndex(t *testing.T) {
	s, db := openBeside(t)
	require.NoError(t, s.Commit(t.Context(), newConversation("c")))
	for _, c := range []string{"conversations", "events", "contacts", "members", "teams", "agents", "audit", "presences", "apikeys", "link_sessions", "workspaces"} {
		specs, err := db.Collection(c).Indexes().ListSpecifications(t.Context())
		require.NoError(t, err)
		for _, one := range specs {
			if one.Name == "_id_" {
				continue
			}
			require.NoError(t, db.Collection(c).Indexes().DropOne(t.Context(), one.Name))
			_, err := s.Watch(t.Context(), "no position")
			require.ErrorIs(t, err, feed.ErrBadPosition)
			_, err = s.Watch(t.Context(), "")
			require.ErrorContains(t, err, c+"."+one.Name)
			require.Error(t, s.Prepare(t.Context()), "a server does not start either")
			require.NoError(t, s.Migrate(t.Context()))
			stream, err := s.Watch(t.Context(), "")
			require.NoError(t, err)
			require.NoError(t, stream.Close(t.Context()))
		}
	}
}

// A migration reports each part from its beginning to its end.
func TestProgressOfAMigration(t *testing.T) {
	s, db := openBeside(t)
	require.NoError(t, s.Commit(t.Context(), newConversation("c")))
	change(t, db, "settings", "words", bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 1}}}})
	seen := map[string][]int{}
	require.NoError(t, s.MigrateWith(t.Context(), func(what string, done, total int) {
		require.LessOrEqual(t, done, total)
		seen[what] = append(seen[what], total-done)
	}))
	require.Len(t, seen, 2)
	for what, left := range seen {
		require.Zero(t, left[len(left)-1], what)
		require.IsNonIncreasing(t, left, what)
	}
	require.Positive(t, seen["indexes"][0])
}
