package mongo_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// Indexes of an earlier version stay until an operator drops them, as servers of that
// version name them. A start says that they are left.
func TestRetiredIndexes(t *testing.T) {
	ctx, said := context.Background(), &bytes.Buffer{}
	uri, name := testdb.URI(t), testdb.Database(t)
	s := open(t, mongo.Config{URI: uri, Database: name, Log: slog.New(slog.NewTextHandler(said, nil))})
	require.NoError(t, s.Prepare(ctx))
	require.NotContains(t, said.String(), "indexes of an earlier version")
	_, err := database(t, uri, name).Collection("conversations").Indexes().CreateOne(ctx, driver.IndexModel{
		Keys:    bson.D{{Key: "workspace", Value: 1}, {Key: "places", Value: 1}, {Key: "lastActivityAt", Value: 1}, {Key: "_id", Value: 1}},
		Options: options.Index().SetName("by_activity"),
	})
	require.NoError(t, err)
	require.NoError(t, s.Prepare(ctx))
	require.NoError(t, s.Migrate(ctx))
	require.Contains(t, said.String(), "by_activity")
	require.NoError(t, s.Close(ctx))
}
