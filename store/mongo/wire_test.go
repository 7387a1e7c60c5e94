package mongo_test

import (
	"cmp"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/sharding"
	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/mongo"
	"switchboard/store/storetest"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestConformance(t *testing.T) {
	for name, run := range map[string]func(*testing.T, func(*testing.T) storetest.Opener){"all": storetest.Run, "kept": storetest.RunKept} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T) storetest.Opener {
				config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)}
				return func() store.Engine { return open(t, config) }
			})
		})
	}
}

func TestWalkConformance(t *testing.T) {
	storetest.RunWalks(t, func(t *testing.T) storetest.Opener {
		config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)}
		return func() store.Engine { return open(t, config) }
	})
}

// open opens a store with its indexes made. The caller closes it. The test fails if a
// command would be sent to all shards of a sharded database.
func open(t *testing.T, c mongo.Config) *mongo.Store {
	t.Helper()
	c.Monitor, c.FeedWait = sharding.Watch(t, c.Monitor), cmp.Or(c.FeedWait, 200*time.Millisecond)
	s, err := mongo.Open(context.Background(), c)
	require.NoError(t, err)
	require.NoError(t, s.Migrate(context.Background()))
	return s
}
