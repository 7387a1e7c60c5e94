package blackbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"
)

// fleet is the servers of an installation, of which each may be replaced.
type fleet struct {
	mu      sync.Mutex
	servers []*server
	turn    atomic.Int64
}

// any gives the address of one of them, another with each call.
func (f *fleet) any() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.servers[int(f.turn.Add(1))%len(f.servers)].addr
}

// replace starts a server, and ends the one in that place in good order.
func (f *fleet) replace(t *testing.T, place int, arguments ...string) {
	t.Helper()
	next := demo(t, arguments...)
	f.mu.Lock()
	old := f.servers[place]
	f.servers[place] = next
	f.mu.Unlock()
	old.signal(syscall.SIGTERM)
	require.Zero(t, old.wait(), old.errors.String())
	require.NotContains(t, old.errors.String(), "still running after the grace")
}

// writer takes conversations over, again and again, and remembers what was
// acknowledged. What is not acknowledged it sends again with the same key.
type writer struct {
	fleet *fleet
	token string
	http  *http.Client
	name  string
	acked []string // events
	count *atomic.Int64
}

func (w *writer) run(ctx context.Context, conversations []string) error {
	defer w.http.CloseIdleConnections()
	for i := 0; ctx.Err() == nil; i++ {
		event, err := w.takeOver(conversations[i%len(conversations)], fmt.Sprintf("%s-%d", w.name, i))
		if err != nil {
			return err
		}
		if event != "" {
			w.acked = append(w.acked, event)
			w.count.Add(1)
		}
	}
	return nil
}

// takeOver gives the event that was made; empty when it was refused.
func (w *writer) takeOver(conversation, key string) (event string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var last error
	for ctx.Err() == nil {
		c := &client{server: &server{addr: w.fleet.any(), http: w.http}, token: w.token}
		a, err := c.try(ctx, mutation("takeOverConversation"), object{"input": object{"conversationId": conversation, "idempotencyKey": key}})
		switch code := a.code(); {
		case err != nil:
			last = err // nobody there, or gone meanwhile: the key makes it safe
		case code == "UNAVAILABLE":
			last = errors.New(a.text)
		case code != "":
			return "", fmt.Errorf("not an answer that can be tried again: %s", a.text)
		default:
			payload, _ := a.Data["payload"].(object)
			made, _ := payload["event"].(object)
			id, _ := made["id"].(string)
			return id, nil
		}
	}
	return "", fmt.Errorf("never acknowledged: %w", last)
}

// listener follows all events, and comes back after its last cursor whenever its
// socket is closed.
type listener struct {
	fleet  *fleet
	token  string
	cursor string

	mu    sync.Mutex
	told  []string
	gaps  int
	codes map[websocket.StatusCode]int
	times int // how often it came back
}

func (l *listener) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := l.follow(ctx)
		var end websocket.CloseError
		l.mu.Lock()
		l.times++
		if errors.As(err, &end) {
			l.codes[end.Code]++
		}
		l.mu.Unlock()
	}
}

// follow is one connection.
func (l *listener) follow(ctx context.Context) error {
	conn, _, err := websocket.Dial(ctx, "ws://"+l.fleet.any()+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(-1)
	payload, _ := json.Marshal(object{"Authorization": "Bearer " + l.token})
	subscribe, _ := json.Marshal(object{"query": eventsQuery, "variables": object{"after": l.cursor}})
	err = errors.Join(wsjson.Write(ctx, conn, message{Type: "connection_init", Payload: payload}))
	for err == nil {
		var m message
		if err = wsjson.Read(ctx, conn, &m); err != nil {
			break
		}
		switch m.Type {
		case "connection_ack":
			err = wsjson.Write(ctx, conn, message{ID: "1", Type: "subscribe", Payload: subscribe})
		case "ping":
			err = wsjson.Write(ctx, conn, message{Type: "pong"})
		case "next":
			l.hear(m.Payload)
		case "error", "complete":
			return fmt.Errorf("%s: %s", m.Type, m.Payload) // such as a server that is going: come back
		}
	}
	return err
}

func (l *listener) hear(payload json.RawMessage) {
	var item struct {
		Data struct {
			AssignmentEvents struct {
				Cursor string
				Gap    bool
				Node   *struct{ ID string }
			}
		}
	}
	_ = json.Unmarshal(payload, &item)
	told := item.Data.AssignmentEvents
	l.mu.Lock()
	defer l.mu.Unlock()
	if told.Cursor != "" {
		l.cursor = told.Cursor
	}
	if told.Gap {
		l.gaps++
	}
	if told.Node != nil {
		l.told = append(l.told, told.Node.ID)
	}
}

func (l *listener) heard() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.told...)
}

// Two servers are replaced one after the other while people work and dashboards
// listen: no acknowledged change is lost, each is made once, and who comes back
// after its cursor is told everything once, in order. B:V3
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	arguments := []string{"--mongodb-uri", database(t), "--shutdown-grace", "1m", "--cost-per-second", "0"}
	first := demo(t, arguments...)
	f := &fleet{servers: []*server{first, demo(t, arguments...)}}
	d := first.desk(t, "demo")
	conversations := []string{d.owned(d.agent1), d.owned(d.agent1), d.owned(d.agent1)}
	begin := d.observer.followEvents(d)
	start := str(t, begin.event(str(t, d.manager.must("takeOverConversation", object{"conversationId": conversations[0]}), "event.id")), "cursor")
	observer, owner := d.observer.token, d.owner

	working, stop := context.WithCancel(t.Context())
	listening, deafen := context.WithCancel(t.Context())
	var count atomic.Int64
	var listeners sync.WaitGroup
	both := []*listener{}
	for range 2 {
		l := &listener{fleet: f, token: observer, cursor: start, codes: map[websocket.StatusCode]int{}}
		both = append(both, l)
		listeners.Go(func() { l.run(listening) })
	}
	defer func() { stop(); deafen(); listeners.Wait() }()
	var writers sync.WaitGroup
	failed := make(chan error, 2)
	all := []*writer{}
	for i, who := range []*client{d.manager, d.owner} {
		w := &writer{fleet: f, token: who.token, http: &http.Client{Transport: &http.Transport{}}, name: fmt.Sprint("roll-", i), count: &count}
		all = append(all, w)
		writers.Go(func() { failed <- w.run(working, conversations) })
	}
	more := func(what string) {
		t.Helper()
		before := count.Load()
		eventually(t, what, func() bool { return count.Load() > before+20 || len(failed) > 0 })
	}
	more("work on two servers")
	f.replace(t, 0, arguments...)
	more("work after the first was replaced")
	f.replace(t, 1, arguments...)
	more("work after both were replaced")
	stop()
	writers.Wait()
	require.NoError(t, errors.Join(<-failed, <-failed))

	want := map[string]bool{}
	reader := f.servers[0].with(t, owner.token)
	byConversation := map[string][]string{}
	for _, id := range conversations {
		history := reader.history(id)
		for i := len(history) - 1; i >= 0; i-- { // oldest first
			require.Equal(t, len(history)-i, number(t, history[i], "version"), "versions are unbroken")
			want[str(t, history[i], "id")] = true
			byConversation[id] = append(byConversation[id], str(t, history[i], "id"))
		}
	}
	acked := map[string]bool{}
	for _, w := range all {
		for _, event := range w.acked {
			require.True(t, want[event], "an acknowledged change is lost")
			require.False(t, acked[event], "one change was acknowledged twice")
			acked[event] = true
		}
	}
	for _, l := range both {
		eventually(t, "the listener was told the last change", func() bool { return lastOf(l.heard(), byConversation) })
		told := map[string]int{}
		order := map[string]int{}
		for i, event := range l.heard() {
			told[event]++
			order[event] = i
		}
		for event := range acked {
			require.Equal(t, 1, told[event], "each change is told once")
		}
		for _, events := range byConversation {
			previous := -1
			for _, event := range events {
				if i, ok := order[event]; ok {
					require.Greater(t, i, previous, "in order")
					previous = i
				}
			}
		}
		require.Zero(t, l.gaps)
		l.mu.Lock()
		require.Positive(t, l.codes[websocket.StatusServiceRestart], "it was told to come back: %v", l.codes)
		l.mu.Unlock()
	}
	t.Logf("%d acknowledged changes, listeners came back %d and %d times", len(acked), both[0].times, both[1].times)
}

// lastOf reports whether the newest event of each conversation was told.
func lastOf(told []string, byConversation map[string][]string) bool {
	known := map[string]bool{}
	for _, event := range told {
		known[event] = true
	}
	for _, events := range byConversation {
		if !known[events[len(events)-1]] {
			return false
		}
	}
	return true
}
