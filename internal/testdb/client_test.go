package testdb_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// connect returns a client that is closed when the test ends.
func connect(t *testing.T, uri string) *driver.Client {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	require.NoError(t, err)
	t.Cleanup(func() {
		// The driver says goodbye to the server, and would seek a dead one for long.
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		require.NoError(t, client.Disconnect(ctx))
	})
	return client
}

// transact inserts the ids in one transaction, which it retries as drivers do,
// and counts the times it was run.
func transact(t *testing.T, collection *driver.Collection, ids ...int) (runs int, err error) {
	t.Helper()
	session, err := collection.Database().Client().StartSession()
	require.NoError(t, err)
	defer session.EndSession(t.Context())
	_, err = session.WithTransaction(t.Context(), func(ctx context.Context) (any, error) {
		runs++
		for _, id := range ids {
			if _, err := collection.InsertOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return runs, err
}

func count(t *testing.T, collection *driver.Collection) int64 {
	t.Helper()
	n, err := collection.CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	return n
}

// resumeAfter are the options of a change stream that begins after the position.
func resumeAfter(position bson.Raw) *options.ChangeStreamOptionsBuilder {
	return options.ChangeStream().SetResumeAfter(position)
}

// ping tells whether the server answers within the time.
func ping(t *testing.T, uri string, within time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	return connect(t, uri).Ping(ctx, nil)
}
