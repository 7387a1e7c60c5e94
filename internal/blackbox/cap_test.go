package blackbox_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// The run: desks are goroutines, spread over the servers.
const (
	capServers = 4
	capDesks   = 16
	capMembers = 20
	capLimit   = 10
)

// capSize is how many chats are handed off, how long somebody may wait while a
// member is free, and how long a desk rests between two requests, at most.
//
// In every run desks do not rest, which makes the most races and says nothing
// about time: who waits, waits for the machine. SWITCHBOARD_TEST_LONG=1 hands off
// 5,000 and allows 1 s, at desks that rest (docs/performance.md), which
// SWITCHBOARD_TEST_REST can change.
func capSize(t *testing.T) (chats int, waiting, rest time.Duration) {
	t.Helper()
	if os.Getenv("SWITCHBOARD_TEST_LONG") == "" {
		return 60 * capDesks, 30 * time.Second, 0
	}
	rest, err := time.ParseDuration(cmp.Or(os.Getenv("SWITCHBOARD_TEST_REST"), "300ms"))
	require.NoError(t, err, "SWITCHBOARD_TEST_REST is a duration, such as 300ms")
	return 313 * capDesks, time.Second, rest
}

// Chats are handed off by many at once through several servers, more than the
// members may have, and closed at random: nobody is ever given more than the
// cap, no chat is lost, none has two owners, and none waits while somebody is
// free. The events say so. B:Q6, B:Q8
func TestTheCapHolds(t *testing.T) {
	chats, patience, rest := capSize(t)
	uri, pid := measured(t)
	stored := openStored(t, uri)
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	h := histcheck.History{Start: capWorkspace(capMembers, capLimit), Patience: patience, Policy: authz.New(preset)}
	require.NoError(t, stored.CreateWorkspace(t.Context(), *h.Start))
	position, err := histcheck.Begin(t.Context(), stored)
	require.NoError(t, err)

	run := newCapRun(t, stored, uri, capServers)
	run.database, run.rest = pid, rest
	before, began := run.figures(t), time.Now()
	kept := keepEvents(t, stored, &h, position)
	run.work(t, stored, position, chats)
	t.Logf("%d chats in %v, %.1f a second", chats, time.Since(began).Round(time.Second), float64(chats)/time.Since(began).Seconds())
	t.Log(run.figures(t).since(before, chats))
	for _, s := range run.servers {
		s.terminate()
	}

	h.Acknowledged, h.End = run.acknowledged, time.Now()
	require.NoError(t, h.Read(t.Context(), stored, kept()))
	t.Logf("the longest that somebody waited while a member was free: %v", h.LongestWait())
	faults := h.Check()
	require.Empty(t, faults[:min(5, len(faults))], "%d faults", len(faults))
	require.Len(t, h.Conversations, chats)
	given := 0
	for _, e := range h.Events {
		if e.To.Automatic && !e.From.Automatic {
			given++
		}
	}
	require.Equal(t, chats, given, "each chat was given by the rules, once")

	// The checker does see a fault in this very history.
	lower := *h.Start
	lower.Workspace.Rules.MaxAutoAssigned = capLimit - 1
	h.Start = &lower
	require.Equal(t, histcheck.Cap, h.Check()[0].Rule)
}

// work lets every desk do its part of chats, while position is where the events
// begin.
func (r *capRun) work(t *testing.T, stored *mongo.Store, position string, chats int) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	var following sync.WaitGroup
	following.Go(func() {
		if err := r.chats.follow(ctx, stored, position); err != nil {
			cancel(err)
		}
	})
	for n := range capDesks {
		desk := &capDesk{capRun: r, server: r.servers[n%len(r.servers)], random: rand.New(rand.NewPCG(uint64(n), 1))}
		r.working.Go(func() {
			if err := desk.work(ctx, chats/capDesks); err != nil {
				cancel(err)
			}
		})
	}
	r.working.Wait()
	err := context.Cause(ctx)
	cancel(nil)
	following.Wait()
	require.NoError(t, err)
}

// measured is database with the process of the server, zero for one that is not
// the test's own.
func measured(t *testing.T) (uri string, pid int) {
	t.Helper()
	if os.Getenv(testdb.EnvURI) != "" {
		return database(t), 0
	}
	own := testdb.Start(t, testdb.Options{})
	return within(own.URI(), "blackbox"), own.PID()
}

func openStored(t *testing.T, uri string) *mongo.Store {
	t.Helper()
	stored, err := mongo.Open(t.Context(), mongo.Config{URI: uri})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stored.Close(context.Background())) })
	require.NoError(t, stored.Migrate(t.Context()))
	return stored
}

func capWorkspace(members, limit int) *workspace.Directory {
	d := &workspace.Directory{
		Workspace: workspace.Workspace{ID: "cap", Name: "Cap", Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{},
		Agents:    map[workspace.AgentID]workspace.AIAgent{"cap-bot": {ID: "cap-bot", Workspace: "cap", Name: "Bot", Rev: 1}},
	}
	d.Workspace.Rules.MaxAutoAssigned = limit
	for n := range members {
		id := workspace.MemberID(fmt.Sprintf("cap-m%02d", n))
		d.Members[id] = workspace.Member{
			ID: id, Workspace: "cap", Name: string(id), Roles: []workspace.RoleName{"manager"}, Rev: 1,
			Availability: workspace.Online, OnlineSince: time.Now().UTC().Truncate(time.Millisecond),
		}
	}
	return d
}

// capRun is the servers, who asks them, and what they acknowledged.
type capRun struct {
	servers      []*server
	bot, boss    string // tokens
	signer       *auth.Signer
	database     int // its process
	rest         time.Duration
	chats        capChats
	working      sync.WaitGroup
	mu           sync.Mutex
	acknowledged []inbox.EventID
}

func newCapRun(t *testing.T, stored *mongo.Store, uri string, servers int) *capRun {
	t.Helper()
	secret, err := stored.Secret(t.Context())
	require.NoError(t, err)
	signer, err := auth.NewSigner(secret)
	require.NoError(t, err)
	run := &capRun{chats: capChats{owned: map[string]bool{}, changed: make(chan struct{})}, signer: signer}
	run.bot, run.boss = run.token(t, workspace.ActorAgent, "cap-bot"), run.token(t, workspace.ActorMember, "cap-m00")
	for range servers {
		s := &server{
			process: startBinary(t, plain, []string{"serve", "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0", "--mongodb-uri", uri, "--cost-per-second", "0"}),
			http:    &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: capDesks}},
		}
		t.Cleanup(s.http.CloseIdleConnections)
		s.until(&s.out, "its address", addressLine.MatchString)
		s.addr = addressLine.FindStringSubmatch(s.out.String())[1]
		run.servers = append(run.servers, s)
	}
	return run
}

func (r *capRun) token(t *testing.T, kind workspace.ActorKind, id string) string {
	t.Helper()
	signed, err := r.signer.Sign(inbox.Principal{Workspace: "cap", Actor: workspace.Actor{Kind: kind, ID: id}}, time.Hour)
	require.NoError(t, err)
	return signed
}

// capDesk hands off and closes, one after the other.
type capDesk struct {
	*capRun
	server *server
	random *rand.Rand
	open   []string
}

// backlog is how many chats a desk leaves open: all desks together leave more
// than the members may have.
const backlog = 20

func (d *capDesk) work(ctx context.Context, chats int) error {
	for range chats {
		if err := d.handOff(ctx); err != nil {
			return err
		}
		for len(d.open) > backlog {
			if err := d.closeOne(ctx); err != nil {
				return err
			}
		}
	}
	for len(d.open) > 0 {
		if err := d.closeOne(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *capDesk) handOff(ctx context.Context) error {
	chat, err := d.ask(ctx, d.bot, `mutation($input: StartLivechatInput!) { done: startLivechat(input: $input) { conversation { id } userErrors { message } } }`,
		object{"contact": object{"name": "Vera"}, "idempotencyKey": fmt.Sprint("start ", rand.Int64())})
	if err != nil {
		return err
	}
	id, _ := dig(chat, "conversation", "id").(string)
	done, err := d.ask(ctx, d.bot, `mutation($input: RequestHandoffInput!) { done: requestHandoff(input: $input) { event { id } userErrors { message } } }`,
		object{"conversationId": id, "to": object{"anyone": true}, "idempotencyKey": "hand off " + id})
	if err != nil {
		return err
	}
	d.open = append(d.open, id)
	return d.acknowledge(done)
}

// closeOne closes one of those that somebody has, any of them. What waits is left
// to wait.
func (d *capDesk) closeOne(ctx context.Context) error {
	owned, err := d.chats.oneOf(ctx, d.open)
	if err != nil {
		return err
	}
	n := owned[d.random.IntN(len(owned))]
	id := d.open[n]
	done, err := d.ask(ctx, d.boss, `mutation($input: SetStatusInput!) { done: setConversationStatus(input: $input) { event { id } userErrors { message } } }`,
		object{"conversationId": id, "status": "CLOSED", "idempotencyKey": "close " + id})
	if err != nil {
		return err
	}
	d.open = append(d.open[:n], d.open[n+1:]...)
	return d.acknowledge(done)
}

func (d *capDesk) acknowledge(done any) error {
	global, _ := dig(done, "event", "id").(string)
	plain, err := base64.RawURLEncoding.DecodeString(global)
	if err != nil {
		return err
	}
	_, id, _ := strings.Cut(string(plain), ":")
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acknowledged = append(d.acknowledged, inbox.EventID(id))
	return nil
}

// ask sends a mutation that must be done, after a rest, with a key: while the database is too
// busy it is sent again, as the refusal says.
func (d *capDesk) ask(ctx context.Context, token, mutation string, input object) (any, error) {
	if d.rest > 0 {
		select {
		case <-time.After(time.Duration(d.random.Int64N(int64(d.rest)))):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	a, err := (&client{server: d.server, token: token}).try(ctx, mutation, object{"input": input})
	for err == nil && a.code() == "UNAVAILABLE" {
		select {
		case <-time.After(tick):
			a, err = (&client{server: d.server, token: token}).try(ctx, mutation, object{"input": input})
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	done := dig(a.Data, "done")
	if refusals, ok := dig(done, "userErrors").([]any); len(a.Errors) > 0 || !ok || len(refusals) > 0 {
		return nil, fmt.Errorf("refused: %s", a.text)
	}
	return done, nil
}

// dig follows fields, nil where there is none.
func dig(from any, path ...string) any {
	for _, step := range path {
		object, _ := from.(object)
		from = object[step]
	}
	return from
}
