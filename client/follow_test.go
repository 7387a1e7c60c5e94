package client_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/client"
	"switchboard/client/api"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// act is what the server does with one connection.
type act struct {
	items  int                  // delivers so many, behind the cursor that it was given
	errors string               // then ends the subscription with this code,
	ends   bool                 // or completes it,
	close  websocket.StatusCode // or closes the socket with this code; none: drops it
	vain   bool                 // refuses the connection instead of all that
	stay   bool                 // goes on with the subscription instead of ending it
}

// server plays a connection for each act, and the last one again and again.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	acts   []act
	afters []string
	tokens []string
}

func play(t *testing.T, acts ...act) *server {
	t.Helper()
	s := &server{acts: acts}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) turn() act {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.acts[0]
	if len(s.acts) > 1 {
		s.acts = s.acts[1:]
	}
	return now
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	now := s.turn()
	if now.vain {
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	var init struct {
		Payload struct{ Authorization string }
	}
	var subscribe struct {
		Payload struct{ Variables struct{ After string } }
	}
	if wsjson.Read(r.Context(), conn, &init) != nil {
		return
	}
	s.note(&s.tokens, init.Payload.Authorization)
	if now.close == 4403 {
		_ = conn.Close(now.close, "the token is refused")
		return
	}
	_ = wsjson.Write(r.Context(), conn, object{"type": "connection_ack"})
	if wsjson.Read(r.Context(), conn, &subscribe) != nil {
		return
	}
	after := subscribe.Payload.Variables.After
	s.note(&s.afters, after)
	s.deliver(r.Context(), conn, now, after)
}

func (s *server) deliver(ctx context.Context, conn *websocket.Conn, now act, after string) {
	place, _ := strconv.Atoi(after)
	for range now.items {
		place++
		id := strconv.Itoa(place)
		_ = wsjson.Write(ctx, conn, object{"type": "next", "id": "1", "payload": object{"data": object{"assignmentEvents": object{"cursor": id, "gap": false, "node": object{"id": id, "at": time.Time{}}}}}})
	}
	switch {
	case now.stay:
		_, _, _ = conn.Read(ctx)
	case now.errors != "":
		_ = wsjson.Write(ctx, conn, object{"type": "error", "id": "1", "payload": []object{{"message": now.errors, "extensions": object{"code": now.errors}}}})
		_, _, _ = conn.Read(ctx)
	case now.ends:
		_ = wsjson.Write(ctx, conn, object{"type": "complete", "id": "1"})
		_, _, _ = conn.Read(ctx)
	case now.close != 0:
		_ = conn.Close(now.close, "closed")
	}
}

func (s *server) note(list *[]string, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, value)
}

// A client that comes back, whatever ended its connection: each item once and in order, and an end only if nothing can come.
func TestASubscriptionComesBack(t *testing.T) {
	two, more := act{items: 2}, act{items: 2, stay: true}
	with := func(a act, change func(*act)) act { change(&a); return a }
	tables := map[string]struct {
		acts   []act
		want   []string
		afters []string
		missed int
		ended  string
	}{
		"lost socket":               {acts: []act{two, more}, want: []string{"1", "2", "3", "4"}, afters: []string{"", "2"}},
		"clean close":               {acts: []act{with(two, func(a *act) { a.close = 1000 }), more}, want: []string{"1", "2", "3", "4"}, afters: []string{"", "2"}},
		"server restart":            {acts: []act{with(two, func(a *act) { a.close = 1012 }), more}, want: []string{"1", "2", "3", "4"}, afters: []string{"", "2"}},
		"slow reader":               {acts: []act{with(two, func(a *act) { a.close = 1013 }), more}, want: []string{"1", "2", "3", "4"}, afters: []string{"", "2"}},
		"first retry fails":         {acts: []act{two, {vain: true}, {vain: true}, more}, want: []string{"1", "2", "3", "4"}, afters: []string{"", "2"}},
		"lost before any item":      {acts: []act{{}, more}, want: []string{"1", "2"}, afters: []string{"", ""}, missed: 1},
		"cannot go on for now":      {acts: []act{with(two, func(a *act) { a.errors = "UNAVAILABLE" }), more}, want: []string{"1", "2", "3", "4"}, afters: []string{"", "2"}},
		"the cursor is refused":     {acts: []act{two, {errors: "INVALID_CURSOR"}, more}, want: []string{"1", "2", "1", "2"}, afters: []string{"", "2", ""}, missed: 1},
		"a new token":               {acts: []act{two, {close: 4403}, more}, want: []string{"1", "2", "3", "4"}, afters: []string{"", "2"}},
		"the new token is the same": {acts: []act{two, {close: 4403}}, want: []string{"1", "2"}, afters: []string{""}, ended: "UNAUTHENTICATED"},
		"rights lost":               {acts: []act{with(two, func(a *act) { a.errors = "PERMISSION_DENIED" })}, want: []string{"1", "2"}, afters: []string{""}, ended: "PERMISSION_DENIED"},
		"completed":                 {acts: []act{with(two, func(a *act) { a.ends = true })}, want: []string{"1", "2"}, afters: []string{""}, ended: "completed"},
	}
	for name, row := range tables {
		t.Run(name, func(t *testing.T) {
			s := play(t, row.acts...)
			missed := 0 // read after Close alone
			asked := 0
			token := func(_ context.Context, refused string) (string, error) {
				if name != "a new token" || refused == "" {
					return "old", nil
				}
				asked++
				return "new", nil
			}
			desk := client.New(s.URL, token, client.Options{HTTP: s.Client(), Missed: func(string) { missed++ }, Wait: func(int) time.Duration { return 0 }})
			items, _, err := api.AssignmentEvents(t.Context(), desk, nil, nil)
			require.NoError(t, err)
			var heard []string
			for item := range items {
				if len(item.Errors) > 0 {
					require.Equal(t, row.ended, item.Errors[0].Extensions["code"])
					row.ended = "completed"
					continue
				}
				heard = append(heard, item.Data.AssignmentEvents.Node.Id)
				if row.ended == "" && len(heard) == len(row.want) {
					break
				}
			}
			require.Equal(t, row.want, heard)
			if row.ended != "" {
				require.Equal(t, "completed", row.ended, "the last item says why it ended")
			}
			require.NoError(t, desk.Close())
			require.Equal(t, row.afters, s.afters)
			require.Equal(t, row.missed, missed)
			if name == "a new token" {
				require.Equal(t, []string{"Bearer old", "Bearer old", "Bearer new"}, s.tokens)
			}
		})
	}
}

// Whoever leaves without reading leaves nothing behind.
func TestUnsubscribeWithoutReading(t *testing.T) {
	s := play(t, act{items: 50, stay: true})
	desk := client.New(s.URL, client.Static("t"), client.Options{HTTP: s.Client()})
	items, id, err := api.AssignmentEvents(t.Context(), desk, nil, nil)
	require.NoError(t, err)
	<-items
	require.NoError(t, desk.Unsubscribe(id))
	require.NoError(t, desk.Unsubscribe(id), "twice")
	for range items {
	}
	require.NoError(t, desk.Close())
	_, _, err = api.AssignmentEvents(t.Context(), desk, nil, nil)
	require.ErrorIs(t, err, client.ErrClosed)
}

func TestRequestsCarryTheToken(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(object{"errors": []object{{"message": r.Header.Get("Authorization"), "extensions": object{"code": "NOT_FOUND"}}}})
	}))
	defer s.Close()
	desk := client.New(s.URL, client.Static("t"), client.Options{HTTP: s.Client()})
	_, err := api.Conversations(t.Context(), desk, &api.InboxView{}, nil, 1, nil)
	require.ErrorContains(t, err, "Bearer t")
}
