package mongo_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/live/feed"
	"switchboard/store/mongo"
)

func streams(c faultlink.Command) bool { return c.Stream }

// A change stream whose every answer is late is late: it is not taken for mute, not
// opened again, and loses nothing. B:V9
func TestLateAnswersOfTheStream(t *testing.T) {
	t.Parallel() // it waits, and has a server of its own
	for _, late := range []time.Duration{3 * time.Second, 8 * time.Second, 12 * time.Second} {
		t.Run(late.String(), func(t *testing.T) {
			t.Parallel()
			w, uri := throughWire(t, testdb.Start(t, testdb.Options{}))
			s := open(t, mongo.Config{URI: uri})
			defer func() { require.NoError(t, s.Close(context.Background())) }()
			hub := feed.NewHub()
			defer hub.Close()
			log := slog.New(slog.DiscardHandler)
			pump := feed.NewPump(s, hub, log)
			monitor := feed.NewHeartbeatMonitor(pump, s, 5*time.Second, log)
			ctx, cancel := context.WithCancel(context.Background())
			var running sync.WaitGroup
			defer func() { cancel(); running.Wait() }()
			running.Go(func() { pump.Run(ctx) })
			<-pump.Ready()
			running.Go(func() { monitor.Run(ctx) })
			require.Eventually(t, func() bool { return monitor.Healthy() == nil }, time.Minute, time.Millisecond)

			w.DelayStreams(0, late)
			begin := w.Total(streams).Answered
			for answers := 0; answers < 3; {
				require.NoError(t, monitor.Healthy())
				if now := w.Total(streams).Answered; now > begin {
					begin, answers = now, answers+1
				}
				time.Sleep(10 * time.Millisecond)
			}
			w.DelayStreams(0, 0)
			require.NoError(t, s.Commit(ctx, newConversation("late")))
			require.Eventually(t, func() bool { return !pump.LastEventAt().IsZero() }, time.Minute, time.Millisecond)
			require.Zero(t, monitor.Silences())
			require.Zero(t, pump.Reopens())
			require.Zero(t, pump.Gaps())
		})
	}
}

// A stream that answers with nothing, and does not advance, is mute however punctual its
// answers are. B:V9
func TestPunctualAndMute(t *testing.T) {
	w, uri := throughWire(t, testdb.Start(t, testdb.Options{}))
	s := open(t, mongo.Config{URI: uri})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	hub := feed.NewHub()
	defer hub.Close()
	log := slog.New(slog.DiscardHandler)
	pump := feed.NewPump(s, hub, log)
	monitor := feed.NewHeartbeatMonitor(pump, s, 300*time.Millisecond, log)
	w.Rewrite("getMore", mute())
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	defer func() { cancel(); running.Wait() }()
	running.Go(func() { pump.Run(ctx) })
	<-pump.Ready()
	running.Go(func() { monitor.Run(ctx) })
	require.Eventually(t, func() bool { return monitor.Silences() > 0 }, time.Minute, time.Millisecond)
	require.Error(t, monitor.Healthy())
	w.Rewrite("getMore", nil)
	require.Eventually(t, func() bool { return monitor.Healthy() == nil }, time.Minute, time.Millisecond)
	require.Zero(t, pump.Gaps())
}

// mute takes all changes out of a change stream's answers, and lets it stand where the
// first of them stands.
func mute() faultlink.Edit {
	var mu sync.Mutex
	var stands any
	return func(c faultlink.Command, answer bson.D) bson.D {
		if !c.Stream {
			return answer
		}
		mu.Lock()
		defer mu.Unlock()
		for i, e := range answer {
			if cursor, ok := e.Value.(bson.D); ok && e.Key == "cursor" {
				if stands == nil {
					stands = valueOf(cursor, "postBatchResumeToken")
				}
				cursor = replaced(cursor, bson.E{Key: "nextBatch", Value: bson.A{}})
				answer[i].Value = replaced(cursor, bson.E{Key: "postBatchResumeToken", Value: stands})
			}
		}
		return answer
	}
}

func valueOf(document bson.D, key string) any {
	for _, e := range document {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// A client with an old cursor, where opening takes the server long, gets an error that
// passes within the time it has, and its items once the server is quick. B:V3
func TestALateOpening(t *testing.T) {
	w, uri := throughWire(t, testdb.Start(t, testdb.Options{}))
	s := open(t, mongo.Config{URI: uri})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	first, err := s.Watch(t.Context(), "")
	require.NoError(t, err)
	position := first.Position()
	require.NoError(t, first.Close(t.Context()))
	require.NoError(t, s.Commit(t.Context(), newConversation("c")))
	bounds := feed.DefaultBounds()
	bounds.Time = time.Second
	catchUp := feed.NewCatchUp(s, bounds)
	since := func() []*feed.Item {
		found, err := catchUp.Since(t.Context(), feed.Caller{Workspace: "w", Name: "m"}, position, "")
		require.NoError(t, err)
		if found.Lost != "" {
			return nil
		}
		return found.Missed
	}
	w.DelayStreams(time.Hour, 0)
	require.Empty(t, since(), "a gap")
	w.DelayStreams(0, 0)
	require.Len(t, since(), 1)
}

// The pump's stream opens late too, for as long as it may take, and gives what was
// missed. B:V9
func TestThePumpWaitsForALateOpening(t *testing.T) {
	t.Parallel() // it waits, and has a server of its own
	w, uri := throughWire(t, testdb.Start(t, testdb.Options{}))
	s := open(t, mongo.Config{URI: uri, Timeout: time.Second})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	first, err := s.Watch(t.Context(), "")
	require.NoError(t, err)
	require.NoError(t, s.Commit(t.Context(), newConversation("c")))
	w.DelayStreams(3*time.Second, 0)
	second, err := s.Watch(t.Context(), first.Position())
	require.NoError(t, err)
	for _, stream := range []port.FeedStream{first, second} {
		item, err := stream.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, inbox.ConversationID("c"), item.Event.Conversation)
		require.NoError(t, stream.Close(t.Context()))
	}
}

// A short timeoutMS bounds operations, and ends neither an idle stream nor the building
// of indexes.
func TestAShortTimeoutOfTheURI(t *testing.T) {
	w, uri := throughWire(t, testdb.Start(t, testdb.Options{}))
	sent := &recorder{}
	s := open(t, mongo.Config{URI: uri + "&timeoutMS=700", Monitor: sent.monitor()})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	for _, c := range sent.taken() {
		if names([]bson.Raw{c})[0] == "createIndexes" {
			require.Zero(t, c.Lookup("maxTimeMS"), "it has no bound")
		}
	}
	stream, err := s.Watch(t.Context(), "")
	require.NoError(t, err)
	time.AfterFunc(2*time.Second, func() { _ = s.Commit(context.Background(), newConversation("c")) })
	_, err = stream.Next(t.Context())
	require.NoError(t, err, "after a silence longer than the bound")
	require.NoError(t, stream.Close(t.Context()))
	w.Delay("find", time.Hour)
	began := time.Now()
	_, err = s.Conversation(context.Background(), "w", "c")
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	require.Less(t, time.Since(began), mongo.DefaultTimeout)
}

// A verb outlives an election: it waits until there is a primary again.
func TestAVerbOutlivesAnElection(t *testing.T) {
	t.Parallel() // it waits, and has a server of its own
	w, uri := throughWire(t, testdb.Start(t, testdb.Options{}))
	s := open(t, mongo.Config{URI: uri})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	w.Refuse()
	healed := time.AfterFunc(8*time.Second, w.Heal)
	defer healed.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	change := newConversation("c")
	change.Loads = []inbox.LoadChange{{Member: "me", Kind: workspace.Livechat, Delta: 1}}
	require.NoError(t, s.Commit(ctx, change))
	loads, err := s.Loads(ctx, "w", []workspace.MemberID{"me"})
	require.NoError(t, err)
	require.Equal(t, 1, loads["me"].Livechats)
}
