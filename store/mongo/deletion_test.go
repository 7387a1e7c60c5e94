package mongo_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/mongo"
	"switchboard/store/storetest"
)

// A workspace that was deleted has left no document in any collection of the database.
func TestADeletedWorkspaceLeavesNothing(t *testing.T) {
	config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)}
	client, err := driver.Connect(options.Client().ApplyURI(config.URI))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Disconnect(t.Context())) })
	storetest.RunDeletion(t, func() store.Engine { return open(t, config) },
		func(t *testing.T) map[string][]string { return collections(t, client.Database(config.Database)) },
		"settings", "servers", "leases")
}

// collections reads all that there is in a database.
func collections(t *testing.T, db *driver.Database) map[string][]string {
	t.Helper()
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	require.NoError(t, err)
	out := map[string][]string{}
	for _, name := range names {
		cursor, err := db.Collection(name).Find(t.Context(), bson.D{})
		require.NoError(t, err)
		var docs []bson.Raw
		require.NoError(t, cursor.All(t.Context(), &docs))
		for _, d := range docs {
			out[name] = append(out[name], d.String())
		}
		slices.Sort(out[name])
	}
	return out
}
