package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// The kind of fault: who does not wait any longer writes into what others still write. Callers
// leave while their changes are written together with those of others, at any moment; the
// others are told what became of theirs, and what is left to itself is done or not. It is
// the race detector that judges.
func TestCallersLeaveATransactionOfMany(t *testing.T) {
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)})
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	const many, rounds = 24, 4
	var owned []inbox.Conversation
	for i := range many * rounds {
		c := newConversation(fmt.Sprint("left", i))
		c.Contact, c.Event.Key = nil, inbox.IdempotencyKey{}
		c.Conversation.ExternalID, c.Conversation.Contact, c.Event.Messages = "", "ada", nil
		require.NoError(t, s.Commit(t.Context(), c))
		owned = append(owned, *c.Event.After)
	}
	for round := range rounds {
		ctx, leave := context.WithCancel(t.Context())
		var working sync.WaitGroup
		for i := range many {
			change, of := takenOver(owned[round*many+i], fmt.Sprint("left", round, i)), t.Context()
			change.Conversation.Assignee, change.Loads = "mia", []inbox.LoadChange{{Member: "mia", Kind: workspace.Livechat, Delta: 1}}
			if leaves := i%2 == 0 || round%2 == 0; leaves { // some, or all, so that nobody needs the transaction
				of = ctx
			}
			working.Go(func() {
				err := s.Commit(of, change)
				leave() // others are in the midst
				if of != ctx {
					require.NoError(t, err)
				}
			})
		}
		working.Wait()
		leave()
	}
}

// The kind of fault: what was sent first arrives last. The command that begins a transaction
// is held up until its caller has gone, by leaving or by running out of time, and until the
// rollback and the end of the session were heard: it begins a transaction that nobody knows.
// The next heartbeats end it, so that others change what it holds and the feed goes on. B:V9
func TestACommandThatComesBehindItsRollback(t *testing.T) {
	t.Parallel() // it waits, and has servers of its own
	for name, leave := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"left": context.WithCancel,
		"out of time": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			near, s, w, c, stream := nearAndFar(t, func(uri string) mongo.Config { return mongo.Config{URI: uri} })

			release := w.Hold("findAndModify")
			caller, cancel := leave(ctx)
			defer cancel()
			gone := make(chan error, 1)
			go func() { gone <- s.Commit(caller, following(c, "never")) }()
			require.Eventually(t, func() bool { return w.Total(changes).Commands > 0 }, time.Minute, time.Millisecond)
			if name == "left" {
				cancel()
			}
			require.Error(t, <-gone)
			require.NoError(t, s.ServerHeartbeat(ctx, "lives", false), "it ends the session")
			release()
			if name != "left" { // whose connection is gone, and its answer with it
				require.Eventually(t, func() bool { return w.Total(changes).Answered > 0 }, time.Minute, time.Millisecond)
			}

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

// A caller who leaves cuts no command on its way: what was begun is rolled back by the
// connection that began it, and the connection is used again. B:V9
func TestWhoLeavesCutsNoCommand(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := testdb.Start(t, testdb.Options{})
	w, uri := throughWire(t, server)
	sent := &recorder{}
	s := open(t, mongo.Config{URI: uri, Monitor: sent.monitor()})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	c := newConversation("c")
	require.NoError(t, s.Commit(ctx, c))
	release := w.Hold("findAndModify")
	caller, leave := context.WithCancel(ctx)
	gone := make(chan error, 1)
	go func() { gone <- s.Commit(caller, following(c, "never")) }()
	require.Eventually(t, func() bool { return w.Total(changes).Commands > 0 }, time.Minute, time.Millisecond)
	sent.taken()
	leave()
	release()
	require.ErrorIs(t, <-gone, context.Canceled)
	require.Contains(t, names(sent.taken()), "abortTransaction")
	require.NoError(t, s.Commit(ctx, following(c, "after")))
	require.NotContains(t, names(sent.taken()), "killSessions")
}

// A commit that was sent and never arrived leaves its transaction open. It is ended once the
// commit must have arrived, and no sooner: one that is late is not undone. B:V9
func TestACommitThatDoesNotArrive(t *testing.T) {
	t.Parallel() // it waits, and has servers of its own
	for name, late := range map[string]bool{"never": false, "late": true} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			near, s, w, c, stream := nearAndFar(t, func(uri string) mongo.Config { return mongo.Config{URI: uri} })
			release := w.Hold("commitTransaction")
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			require.Equal(t, inbox.Unavailable, inbox.CodeOf(s.Commit(short, following(c, "sent"))))
			require.NoError(t, s.ServerHeartbeat(ctx, "lives", false))
			want := "after"
			if late {
				want = "sent"
				release()
			}
			began := time.Now()
			require.Eventually(t, func() bool {
				short, over := context.WithTimeout(ctx, time.Second)
				defer over()
				err := near.Commit(short, following(c, "after"))
				return s.ServerHeartbeat(ctx, "lives", false) == nil && (err == nil || late && errors.Is(err, commit.ErrStale))
			}, time.Minute, 10*time.Millisecond)
			arrived(t, stream, want)
			require.Less(t, time.Since(began), 30*time.Second, "before the database would have let go by itself")
			require.NoError(t, stream.Close(ctx))
		})
	}
}
