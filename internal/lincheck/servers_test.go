package lincheck_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
	"switchboard/internal/lincheck"
	"switchboard/internal/testdb"
	"switchboard/live"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"
)

const ws workspace.WorkspaceID = "home"

const (
	servers = 4
	chats   = 5
	acts    = 25
	hurry   = 100 // the clock of the run is so much faster, for the rules that count seconds
)

// engines open one store for each server, all on the same data.
func engines() map[string]func(*testing.T) []histcheck.Source {
	return map[string]func(*testing.T) []histcheck.Source{
		"embedded": func(t *testing.T) (all []histcheck.Source) {
			testdb.Record(t, testdb.Embedded)
			s, err := sqlite.Open(t.Context(), sqlite.Config{})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
			for range servers {
				all = append(all, s)
			}
			return all
		},
		"over the wire": func(t *testing.T) (all []histcheck.Source) {
			uri, database := testdb.URI(t), testdb.Database(t)
			for n := range servers {
				s, err := mongo.Open(t.Context(), mongo.Config{URI: uri, Database: database})
				require.NoError(t, err)
				t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
				if n == 0 {
					require.NoError(t, s.Migrate(t.Context()))
				}
				all = append(all, s)
			}
			return all
		},
	}
}

// run is some servers, and what clients wrote down of them.
type run struct {
	t       *testing.T
	servers []*services.Services
	seam    []*seam
	source  histcheck.Source
	history histcheck.History
	place   string
	began   time.Time
	chats   []inbox.ConversationID
	mu      sync.Mutex
	told    []lincheck.Operation
	made    map[inbox.EventID]bool
}

// seam is a store in which a test can let something happen right before a commit, and let
// the commit forget which version it was decided for.
type seam struct {
	services.Store
	meanwhile func()
	forgets   bool
}

func (s *seam) Commit(ctx context.Context, c commit.Change) error {
	if act := s.meanwhile; act != nil {
		s.meanwhile = nil
		act()
		if s.forgets {
			now, err := s.Conversation(ctx, ws, c.Conversation.ID)
			if err != nil {
				return err
			}
			c.Guard = commit.Guard{Version: now.Version}
			c.Conversation.Version, c.Event.Version = now.Version+1, now.Version+1
		}
	}
	return s.Store.Commit(ctx, c)
}

func newRun(t *testing.T, open func(*testing.T) []histcheck.Source) *run {
	t.Helper()
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	stores := open(t)
	r := &run{t: t, source: stores[0], began: time.Now(), made: map[inbox.EventID]bool{}}
	r.history = histcheck.History{Start: directory(), Policy: authz.New(preset)}
	require.NoError(t, r.source.CreateWorkspace(t.Context(), *r.history.Start))
	r.place, err = histcheck.Begin(t.Context(), r.source)
	require.NoError(t, err)
	for _, s := range stores {
		seam := &seam{Store: s}
		r.seam = append(r.seam, seam)
		r.servers = append(r.servers, services.New(services.Config{
			Store: seam, Directories: live.NewDirectories(s.Directory), Policy: r.history.Policy, Pick: rand.IntN,
			Now: r.now, NewID: func() string { return ulid.Make().String() },
		}))
	}
	for n := range chats {
		out, err := r.servers[0].Intake.StartLivechat(t.Context(), bot(), desk.NewConversation{Subject: fmt.Sprint(n)})
		require.NoError(t, err)
		r.chats = append(r.chats, out.Conversation.ID)
		_, err = r.servers[0].Desk.RequestHandoff(t.Context(), bot(), desk.Request{Conversation: out.Conversation.ID}, desk.HandoffTarget{})
		require.NoError(t, err)
	}
	return r
}

func directory() *workspace.Directory {
	d := &workspace.Directory{
		Workspace: workspace.Workspace{ID: ws, Plan: "enterprise", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{},
		Agents:    map[workspace.AgentID]workspace.AIAgent{"bot": {ID: "bot", Workspace: ws, Rev: 1}},
	}
	d.Workspace.Rules.ReclaimAfter, d.Workspace.Rules.ReclaimLimit = 5*time.Second, 3
	for n := range 6 {
		id := workspace.MemberID(fmt.Sprint("m", n))
		d.Members[id] = workspace.Member{ID: id, Workspace: ws, Rev: 1, Availability: workspace.Online, Roles: []workspace.RoleName{"manager"}}
	}
	return d
}

func bot() inbox.Principal {
	return inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: "bot"}}
}

func member(n int) inbox.Principal {
	return inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: fmt.Sprint("m", n)}}
}

// now is the clock of the servers and of those who write down.
func (r *run) now() time.Time { return r.began.Add(hurry * time.Since(r.began)) }

// ask does one thing and writes down what came of it.
func (r *run) ask(by inbox.Principal, client int, o lincheck.Operation, act func() (inbox.Conversation, inbox.Event, error)) {
	o.Client, o.Call, o.Actor = client, r.now(), string(by.Actor.Member())
	c, e, err := act()
	o.Return = r.now()
	var refusal *inbox.Error
	switch {
	case err == nil && e.Type == inbox.OwnershipEvent:
		o.Kind, o.From, o.Seen = string(e.Kind), ownerOf(e.From), stateOf(*e.After)
	case err == nil:
		o.Kind, o.Seen = lincheck.Read, stateOf(c)
	case errors.As(err, &refusal) && refusal.Code != inbox.Unavailable:
		if o.Refused = string(refusal.Code); refusal.Current != nil {
			o.Seen = stateOf(*refusal.Current)
		}
	default:
		o.Return = time.Time{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, o)
	if err == nil && e.Type == inbox.OwnershipEvent {
		r.made[e.ID] = true
	}
}

func stateOf(c inbox.Conversation) *lincheck.State {
	return &lincheck.State{Version: c.Version, Epoch: c.Epoch, Owner: string(c.Assignee), Status: string(c.Status)}
}

func ownerOf(o inbox.Ownership) *lincheck.State {
	return &lincheck.State{Owner: string(o.Assignee), Status: string(o.Status)}
}

// work does random things in a member's name, on any server.
func (r *run) work(ctx context.Context, n int) {
	random := rand.New(rand.NewPCG(uint64(n), 7))
	for range acts {
		s, id := r.servers[random.IntN(servers)], r.chats[random.IntN(chats)]
		o, q := lincheck.Operation{Conversation: string(id)}, desk.Request{Conversation: id}
		if random.IntN(3) == 0 {
			version := 2 + random.IntN(acts)
			o.Expected, q.ExpectedVersion = version, &version
		}
		to := access.Owner{Member: workspace.MemberID(fmt.Sprint("m", random.IntN(6)))}
		verbs := []struct {
			kind inbox.EventKind
			act  func() (desk.Outcome, error)
		}{
			{inbox.EventClaimed, func() (desk.Outcome, error) { return s.Desk.Claim(ctx, member(n), q) }},
			{inbox.EventAssigned, func() (desk.Outcome, error) { return s.Desk.Assign(ctx, member(n), q, to, "") }},
			{inbox.EventTransferred, func() (desk.Outcome, error) { return s.Desk.Transfer(ctx, member(n), q, to, "") }},
			{inbox.EventTakenOver, func() (desk.Outcome, error) { return s.Desk.TakeOver(ctx, member(n), q, nil, "") }},
			{inbox.EventLeft, func() (desk.Outcome, error) { return s.Desk.Leave(ctx, member(n), q) }},
			{inbox.EventUnassigned, func() (desk.Outcome, error) { return s.Desk.Unassign(ctx, member(n), q) }},
			{inbox.EventClosed, func() (desk.Outcome, error) { return s.Desk.SetStatus(ctx, member(n), q, inbox.Closed) }},
			{inbox.EventReopened, func() (desk.Outcome, error) { return s.Desk.SetStatus(ctx, member(n), q, inbox.Open) }},
		}
		if random.IntN(4) == 0 {
			r.say(ctx, s, n, id)
			continue
		}
		v := verbs[random.IntN(len(verbs))]
		o.Kind = string(v.kind)
		r.ask(member(n), n, o, func() (inbox.Conversation, inbox.Event, error) {
			out, err := v.act()
			return out.Conversation, out.Event, err
		})
	}
}

// say lets the contact write, or a member.
func (r *run) say(ctx context.Context, s *services.Services, n int, id inbox.ConversationID) {
	by := member(n)
	if n%2 == 0 {
		by = inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: "visitor"}, Conversation: id}
	}
	r.ask(by, n, lincheck.Operation{Conversation: string(id), Kind: lincheck.Read}, func() (inbox.Conversation, inbox.Event, error) {
		sent, err := s.Messages.Send(ctx, by, desk.SendRequest{Conversation: id, Body: "Hello"})
		return sent.Conversation, sent.Event, err
	})
}

// everybody works, while the rules give out and take back on every server.
func (r *run) everybody() {
	ctx, stop := context.WithCancel(r.t.Context())
	var working, rules sync.WaitGroup
	for n := range 6 {
		working.Go(func() { r.work(ctx, n) })
	}
	for _, s := range r.servers {
		rules.Go(func() {
			for ctx.Err() == nil {
				_ = s.Queues.Reclaim(ctx, ws)
				_, _ = s.Queues.Drain(ctx, ws, inbox.Queue{Kind: workspace.Livechat})
			}
		})
	}
	working.Wait()
	stop()
	rules.Wait()
}

// recorded is all that happened: what clients were told, and what nobody was told of.
func (r *run) recorded() []lincheck.Operation {
	r.history.Events, r.history.Conversations = nil, nil
	require.NoError(r.t, r.history.Read(r.t.Context(), r.source, r.place))
	all := r.told
	for _, e := range r.history.Events {
		if e.Type == inbox.OwnershipEvent && !r.made[e.ID] {
			all = append(all, lincheck.Operation{
				Conversation: string(e.Conversation), Kind: string(e.Kind), Actor: string(e.Actor.Member()), Call: e.At, From: ownerOf(e.From), Seen: stateOf(*e.After),
			})
		}
	}
	return all
}

// Whatever members and rules do at once through four servers is as if one server had done
// it, one after the other. A commit that forgets its version makes a second winner, and is
// found; one that does not forget is refused, and nothing is found. B:K4, B:V7, B:R1
func TestFourServersAreAsOne(t *testing.T) {
	for name, open := range engines() {
		t.Run(name, func(t *testing.T) {
			r := newRun(t, open)
			r.everybody()
			v := lincheck.Check(r.recorded(), enough)
			require.Empty(t, v.Unfinished)
			require.Empty(t, v.Wrong)
			require.Equal(t, chats, v.Conversations)
			require.Empty(t, r.history.Check())
			for _, forgets := range []bool{false, true} {
				r.claimTwice(forgets)
				v := lincheck.Check(r.recorded(), enough)
				require.Empty(t, v.Unfinished)
				require.Equal(t, !forgets, v.Sound(), "%v", v.Wrong)
			}
		})
	}
}

// claimTwice lets two claim a chat at once, on two servers. The commit of the first comes
// behind the other's.
func (r *run) claimTwice(forgets bool) {
	t := r.t
	out, err := r.servers[0].Intake.StartLivechat(t.Context(), bot(), desk.NewConversation{Subject: "Two"})
	require.NoError(t, err)
	id := out.Conversation.ID
	claim := func(n int) {
		r.ask(member(n), n, lincheck.Operation{Conversation: string(id), Kind: "CLAIMED"}, func() (inbox.Conversation, inbox.Event, error) {
			out, err := r.servers[n].Desk.Claim(t.Context(), member(n), desk.Request{Conversation: id})
			return out.Conversation, out.Event, err
		})
	}
	r.seam[0].forgets = forgets
	r.seam[0].meanwhile = func() { claim(1) }
	claim(0)
}
