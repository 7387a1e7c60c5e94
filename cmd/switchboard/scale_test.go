package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/sqlite"
)

// scale weighs the subscriptions of a server that runs, with a small workspace and a
// large one.
type scale struct {
	*testing.T
	srv      *server
	addr     string
	sign     *auth.Signer
	received atomic.Int64 // items and ends
	// refusal is an error that came; tolerant says that one may, and is kept if it is of a limit.
	refusal  atomic.Pointer[string]
	tolerant bool
}

// population is how many members a workspace has, and how many conversations the first of
// them owns.
var population = map[workspace.WorkspaceID]struct{ members, conversations int }{"small": {20, 50}, "large": {400, 300}}

func newScale(t *testing.T, flags ...string) *scale {
	t.Helper()
	testdb.Record(t, testdb.Embedded)
	stored, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stored.Close(context.Background())) })
	for ws := range population {
		populate(t, stored, ws)
	}
	policy, err := openPolicy(policySettings{PolicyPreset: "default"})
	require.NoError(t, err)
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	seen, err := openAdminServer(t.Context(), "", log)
	require.NoError(t, err)
	set := runTest(t, deps{}, nil, append([]string{"serve", "--memory", "--cost-per-second", "0"}, flags...)...).served
	srv, err := newServer(t.Context(), *set, stored, policy, seen, memory{}, log)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := srv.start(ctx)
	web := httptest.NewServer(srv.graphql)
	t.Cleanup(func() { web.Close(); stop(); <-ended })
	<-srv.pump.Ready()
	secret, err := stored.Secret(t.Context())
	require.NoError(t, err)
	sign, err := auth.NewSigner(secret)
	require.NoError(t, err)
	return &scale{T: t, srv: srv, addr: web.Listener.Addr().String(), sign: sign}
}

func memberOf(ws workspace.WorkspaceID, i int) workspace.MemberID {
	return workspace.MemberID(fmt.Sprintf("%s-member-%04d", ws, i))
}

func conversationOf(ws workspace.WorkspaceID, i int) inbox.ConversationID {
	return inbox.ConversationID(fmt.Sprintf("%s-conversation-%05d", ws, i))
}

func populate(t *testing.T, s *sqlite.Store, ws workspace.WorkspaceID) {
	t.Helper()
	d := workspace.Directory{
		Workspace: workspace.Workspace{ID: ws, Name: string(ws), Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Demo: true, Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{}, Teams: map[workspace.TeamID]workspace.Team{}, Agents: map[workspace.AgentID]workspace.AIAgent{},
	}
	for i := range population[ws].members {
		m := memberOf(ws, i)
		d.Members[m] = workspace.Member{
			ID: m, Workspace: ws, Name: string(m), Email: string(m) + "@example.test", Availability: workspace.Online, Rev: 1, Roles: []workspace.RoleName{"admin"},
		}
	}
	require.NoError(t, s.CreateWorkspace(t.Context(), d))
	now := time.Now().UTC().Truncate(time.Millisecond)
	for i := range population[ws].conversations {
		c := inbox.Conversation{
			ID: conversationOf(ws, i), Workspace: ws, Kind: workspace.Livechat, Channel: "web", Subject: "A late parcel",
			Contact: inbox.ContactID(fmt.Sprint(ws, i)), Ownership: inbox.Ownership{Status: inbox.Open, Assignee: memberOf(ws, 0)},
			Changed: inbox.Attribution{By: workspace.System(), At: now}, LastActivityAt: now, CreatedAt: now, Version: 1, Epoch: 1,
		}
		require.NoError(t, s.Commit(t.Context(), commit.Change{
			Conversation: c, Create: true, Loads: []inbox.LoadChange{{Member: c.Assignee, Kind: c.Kind, Delta: 1}},
			Event: inbox.Event{
				ID: inbox.EventID(c.ID), Workspace: ws, Conversation: c.ID, Type: inbox.OwnershipEvent, Kind: inbox.EventCreated,
				Actor: c.Changed.By, To: c.Ownership, Version: 1, Epoch: 1, At: now, After: &c,
			},
		}))
	}
}

// asked is a subscription to open.
type asked struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables,omitempty"`
}

// open opens subscriptions of a member on one socket.
func (s *scale) open(ctx context.Context, ws workspace.WorkspaceID, who int, all ...asked) {
	s.Helper()
	token, err := s.sign.Sign(inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(memberOf(ws, who))}}, time.Hour)
	require.NoError(s, err)
	conn, _, err := websocket.Dial(ctx, "ws://"+s.addr+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	require.NoError(s, err)
	conn.SetReadLimit(-1)
	require.NoError(s, conn.Write(ctx, websocket.MessageText, []byte(`{"type":"connection_init","payload":{"Authorization":"Bearer `+token+`"}}`)))
	_, _, err = conn.Read(ctx)
	require.NoError(s, err)
	go func() {
		for {
			_, data, err := conn.Read(ctx)
			if err != nil {
				return
			}
			if !strings.HasPrefix(string(data), `{"type":"p`) { // ping, pong
				s.received.Add(1)
			}
			if text := string(data); strings.Contains(text, `"type":"error"`) && (!s.tolerant || strings.Contains(text, "LIMIT_EXCEEDED")) {
				s.refusal.Store(&text)
			}
		}
	}()
	for i, one := range all {
		line, err := json.Marshal(map[string]any{"id": fmt.Sprint(i), "type": "subscribe", "payload": one})
		require.NoError(s, err)
		require.NoError(s, conn.Write(ctx, websocket.MessageText, line))
	}
}

// leave closes all, and returns when as few listen to the hub as before.
func (s *scale) leave(cancel func(), before int) {
	s.Helper()
	cancel()
	s.until(func() bool {
		stats := s.srv.graphql.Stats()
		return stats.Sockets+stats.Subscriptions+stats.Groups == 0 && s.srv.hub.Subscriptions() <= before
	})
}

func (s *scale) until(is func() bool) {
	s.Helper()
	require.Eventually(s, func() bool { return is() || s.refusal.Load() != nil && !s.tolerant }, time.Minute, 5*time.Millisecond)
	if refusal := s.refusal.Load(); refusal != nil && !s.tolerant {
		s.Fatal(*refusal)
	}
}

// weight is what is in use after a collection, in bytes.
func weight() int64 {
	var m runtime.MemStats
	for range 3 { // pools give up what they hold at the second one
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
