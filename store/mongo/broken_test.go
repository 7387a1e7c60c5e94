package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/internal/testdb"
	"switchboard/live/feed"
	"switchboard/store/mongo"
)

const (
	brokenWriters = 4
	brokenEach    = 25
)

// breakage breaks a deployment amid the work. Unable says why it cannot.
type breakage struct {
	name string
	do   func(ctx context.Context, d *testdb.Deployment) (unable string)
}

func breakages() []breakage {
	fails := func(name string, f testdb.Failure) breakage {
		return breakage{name, func(ctx context.Context, d *testdb.Deployment) string {
			if !d.KnowsFailCommand(ctx) {
				return "this deployment knows no failCommand, or does not permit it"
			}
			d.FailCommand(ctx, f)
			return ""
		}}
	}
	return []breakage{
		{"the primary steps down", func(ctx context.Context, d *testdb.Deployment) string {
			if !d.StepDown(ctx, 10*time.Second) {
				return "this deployment knows no replSetStepDown, or does not permit it"
			}
			return ""
		}},
		fails("answers to commits are lost", testdb.Failure{Commands: []string{"commitTransaction"}, CloseConnection: true, Times: 10}),
		fails("the member is no primary for a while", testdb.Failure{Commands: []string{"insert", "update", "find", "commitTransaction"}, ErrorCode: 10107, Times: 1}),
		fails("an election interrupts", testdb.Failure{Commands: []string{"insert", "update", "find", "getMore"}, ErrorCode: 11602, Times: 1}),
		fails("transactions conflict", testdb.Failure{Commands: []string{"insert", "update"}, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"}, Times: 10}),
		fails("change streams are hung up on", testdb.Failure{Commands: []string{"getMore"}, CloseConnection: true, Times: 5}),
		fails("change streams end", testdb.Failure{Commands: []string{"getMore"}, ErrorCode: 43, Times: 5}),
	}
}

// Whatever a deployment does by its own commands, what was acknowledged is stored, and
// the feed tells each of it once, without a gap. `make test-mongodb` runs this against
// MongoDB itself. B:V3, B:V9
func TestBrokenDeployments(t *testing.T) {
	if os.Getenv(testdb.EnvURI) == "" {
		t.Parallel() // it waits, and has servers of its own
	}
	for _, b := range breakages() {
		t.Run(b.name, func(t *testing.T) {
			d := testdb.Breakable(t)
			s := open(t, mongo.Config{URI: d.URI(), Database: d.Database})
			defer func() { require.NoError(t, s.Close(context.Background())) }()
			told, stop := listening(t, s)
			defer stop()
			var wrote atomic.Int64
			var writers sync.WaitGroup
			for w := range brokenWriters {
				writers.Go(func() { write(t, s, w, &wrote) })
			}
			require.Eventually(t, func() bool { return wrote.Load() >= brokenWriters }, time.Minute, time.Millisecond)
			unable := b.do(t.Context(), d)
			writers.Wait()
			if unable != "" {
				t.Skip(unable)
			}
			require.EqualValues(t, brokenWriters*brokenEach, wrote.Load())
			if d.KnowsFailCommand(t.Context()) {
				d.Heal(t.Context())
			}
			counts := told(brokenWriters * brokenEach)
			for w := range brokenWriters {
				for n := range brokenEach {
					id := inbox.ConversationID(fmt.Sprint("b", w, "-", n))
					_, err := s.Conversation(t.Context(), "w", id)
					require.NoError(t, err)
					require.Equal(t, 1, counts[id], "%s", id)
				}
			}
		})
	}
}

// write commits one conversation after the other, each until it is acknowledged, as a
// client does with its idempotency key.
func write(t *testing.T, s *mongo.Store, writer int, wrote *atomic.Int64) {
	t.Helper()
	for n := range brokenEach {
		change := newConversation(fmt.Sprint("b", writer, "-", n))
		for deadline := time.Now().Add(2 * time.Minute); ; {
			err := s.Commit(context.Background(), change)
			if err == nil || errors.Is(err, commit.ErrDuplicateKey) {
				break
			}
			if inbox.CodeOf(err) != inbox.Unavailable || time.Now().After(deadline) {
				t.Errorf("%d of writer %d: %v", n, writer, err)
				return
			}
		}
		wrote.Add(1)
	}
}

// listening runs the feed. Told waits until so many events were delivered, and counts
// them by conversation.
func listening(t *testing.T, s *mongo.Store) (told func(int) map[inbox.ConversationID]int, stop func()) {
	t.Helper()
	hub := feed.NewHub(feed.WithBuffer(10_000))
	pump := feed.NewPump(s, hub, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { pump.Run(ctx) })
	<-pump.Ready()
	heard, err := hub.Subscribe(t.Context(), "w")
	require.NoError(t, err)
	told = func(n int) map[inbox.ConversationID]int {
		counts := map[inbox.ConversationID]int{}
		for n > 0 {
			if item, _ := heard.TryNext(); item != nil {
				require.False(t, item.Gap)
				counts[item.Event.Conversation]++
				n--
				continue
			}
			select {
			case <-heard.Ready():
			case <-time.After(time.Minute):
				t.Fatalf("%d events were told, and %d were not", len(counts), n)
			}
		}
		require.Zero(t, pump.Gaps())
		return counts
	}
	return told, func() { cancel(); running.Wait(); hub.Close() }
}
