package mongo_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// The kind of fault: a transaction that its server has done with stands open in the database. The
// commit of a caller who leaves, or runs out of time, does not arrive, and the connection is
// gone: the next heartbeats end the transaction, so that others change what it holds and the
// feed goes on. B:V9
func TestACommitThatDoesNotArrive(t *testing.T) {
	t.Parallel() // it waits, and has servers of its own
	for name, leave := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"left": context.WithCancel,
		"out of time": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			server := testdb.Start(t, testdb.Options{})
			near := open(t, mongo.Config{URI: server.URI()})
			defer func() { require.NoError(t, near.Close(ctx)) }()
			c := newConversation("c")
			require.NoError(t, near.Commit(ctx, c))
			stream, err := near.Watch(ctx, "")
			require.NoError(t, err)
			w, uri := throughWire(t, server)
			s := open(t, mongo.Config{URI: uri})
			defer func() { require.NoError(t, s.Close(ctx)) }()
			require.NoError(t, s.ServerHeartbeat(ctx, "lives", true))

			w.Reset()
			defer w.Hold("commitTransaction")()
			defer w.Hold("abortTransaction")() // which the driver sends when the session ends
			caller, cancel := leave(ctx)
			defer cancel()
			gone := make(chan error, 1)
			go func() { gone <- s.Commit(caller, following(c, "never")) }()
			sent := func(c faultlink.Command) bool { return c.Name == "commitTransaction" }
			require.Eventually(t, func() bool { return w.Total(sent).Commands > 0 }, time.Minute, time.Millisecond)
			if name == "left" {
				cancel()
			}
			require.Error(t, <-gone)

			began := time.Now()
			require.Eventually(t, func() bool {
				short, over := context.WithTimeout(ctx, time.Second)
				defer over()
				return s.ServerHeartbeat(ctx, "lives", false) == nil && near.Commit(short, following(c, "after")) == nil
			}, time.Minute, 10*time.Millisecond)
			arrived(t, stream, "after")
			require.Less(t, time.Since(began), 30*time.Second, "before the database would have let go by itself")
			require.NoError(t, stream.Close(ctx))
		})
	}
}
