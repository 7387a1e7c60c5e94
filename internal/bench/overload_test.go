package bench_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/bench/report"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

const (
	overloadChats = 700
	overloadStep  = 2 * time.Second
	// overloadCallers share the load; the first sends half of it.
	overloadCallers = 8
)

// BenchmarkOverload offers one to ten times of what one server can do on two members, on
// one conversation, and on one team in rotation, each for a moment, and prints what came
// of it.
func BenchmarkOverload(b *testing.B) {
	f := newFloor(b, mongo.Config{URI: testdb.Start(b, testdb.Options{}).URI()})
	lines := []string{"| work | offered | verbs/s | of the best | median, longest ms | refused at once | longest until refused, ms | verbs of the busy caller, of the others |"}
	for _, w := range []*hotWork{hotMembers(b, f), hotConversation(b, f), hotTeam(b, f)} {
		w.offer(b, 50) // warm
		full := w.offer(b, 400)
		require.NotEmpty(b, full.waits)
		capacity := full.rate()
		best, results := capacity, []offered{}
		for _, times := range []float64{1, 2, 5, 10} {
			r := w.offer(b, times*capacity)
			r.times, best = times, max(best, r.rate())
			results = append(results, r)
		}
		for _, r := range results {
			lines = append(lines, r.line(w.name, best))
		}
	}
	b.Log("\n" + strings.Join(lines, "\n"))
	b.ReportMetric(0, "ns/op")
}

// hotWork is a verb that many send to the same documents.
type hotWork struct {
	name string
	home *staffed
	// free are conversations that no verb is at.
	free chan inbox.ConversationID
	do   func(ctx context.Context, p inbox.Principal, id inbox.ConversationID) error
}

func newHotWork(b *testing.B, f *floor, ws workspace.WorkspaceID, chats int) *hotWork {
	b.Helper()
	w := &hotWork{free: make(chan inbox.ConversationID, chats)}
	w.home = f.workspace(b, ws, overloadCallers+2, 0, func(d *workspace.Directory) {
		d.Workspace.Rules.Method, d.Workspace.Rules.TeamTarget = workspace.RoundRobin, workspace.TeamTargetMethod
		d.Workspace.Rules.TransferActor = workspace.TransferByAnyone
		d.Teams = map[workspace.TeamID]workspace.Team{workspace.TeamID(ws): {ID: workspace.TeamID(ws), Workspace: ws, Name: "hot", Rev: 1}}
		for id, m := range d.Members {
			m.Roles, m.Teams = []workspace.RoleName{"manager"}, []workspace.TeamID{workspace.TeamID(ws)}
			d.Members[id] = m
		}
	})
	for range chats {
		id := w.home.start(b, workspace.AgentID(ws+"-bot"))
		_, err := f.service.Desk.Assign(context.Background(), w.caller(0), desk.Request{Conversation: id}, access.Owner{Member: w.member(8)}, "")
		require.NoError(b, err)
		w.free <- id
	}
	return w
}

func (w *hotWork) member(n int) workspace.MemberID {
	return workspace.MemberID(fmt.Sprintf("%s-m%04d", w.home.ws, n))
}

func (w *hotWork) caller(n int) inbox.Principal {
	return w.home.as(workspace.ActorMember, fmt.Sprintf("-m%04d", n))
}

func hotMembers(b *testing.B, f *floor) *hotWork {
	b.Helper()
	w := newHotWork(b, f, "hotmembers", overloadChats)
	w.name = "transfers between two members"
	var owners sync.Map
	w.do = func(ctx context.Context, p inbox.Principal, id inbox.ConversationID) error {
		to := 9
		if owner, _ := owners.Load(id); owner == any(9) {
			to = 8
		}
		_, err := f.service.Desk.Transfer(ctx, p, desk.Request{Conversation: id}, access.Owner{Member: w.member(to)}, "")
		if err == nil {
			owners.Store(id, to)
		}
		return err
	}
	return w
}

func hotTeam(b *testing.B, f *floor) *hotWork {
	b.Helper()
	w := newHotWork(b, f, "hotteam", overloadChats)
	w.name = "transfers to one team, ROUND_ROBIN"
	w.do = func(ctx context.Context, p inbox.Principal, id inbox.ConversationID) error {
		_, err := f.service.Desk.Transfer(ctx, p, desk.Request{Conversation: id}, access.Owner{Team: workspace.TeamID(w.home.ws)}, "")
		return err
	}
	return w
}

func hotConversation(b *testing.B, f *floor) *hotWork {
	b.Helper()
	w := newHotWork(b, f, "hotchat", 1)
	w.name = "messages into one conversation"
	id := <-w.free
	w.free = nil
	w.do = func(ctx context.Context, p inbox.Principal, _ inbox.ConversationID) error {
		_, err := f.service.Messages.Send(ctx, p, desk.SendRequest{Conversation: id, Body: "hello"})
		return err
	}
	return w
}

// offered is what came of an offer.
type offered struct {
	times          float64
	took           time.Duration
	waits, refused []float64 // in ms
	by             [overloadCallers]int
}

func (o offered) rate() float64 { return float64(len(o.waits)) / o.took.Seconds() }

// offer sends so many verbs a second, whatever becomes of them, and waits for all.
func (w *hotWork) offer(b *testing.B, perSecond float64) (o offered) {
	b.Helper()
	var mu sync.Mutex
	var sent sync.WaitGroup
	began := time.Now()
	for n := 0; time.Since(began) < overloadStep; n++ {
		time.Sleep(time.Until(began.Add(time.Duration(float64(n) / perSecond * float64(time.Second)))))
		caller := 0
		if n%2 == 1 {
			caller = 1 + n/2%(overloadCallers-1)
		}
		var id inbox.ConversationID
		if w.free != nil {
			id = <-w.free
		}
		sent.Go(func() {
			start := time.Now()
			err := w.do(context.Background(), w.caller(caller), id)
			ms := float64(time.Since(start).Microseconds()) / 1000
			if w.free != nil {
				w.free <- id
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				o.waits = append(o.waits, ms)
				o.by[caller]++
				return
			}
			if inbox.CodeOf(err) != inbox.Unavailable {
				b.Errorf("refused: %v", err)
			}
			o.refused = append(o.refused, ms)
		})
	}
	sent.Wait()
	o.took = time.Since(began)
	return o
}

func (o offered) line(name string, best float64) string {
	longest := 0.0
	if len(o.refused) > 0 {
		longest = slices.Max(o.refused)
	}
	others := slices.Clone(o.by[1:])
	return fmt.Sprintf("| %s | %.0fx | %.0f | %.0f %% | %.0f, %.0f | %d | %.0f | %d, %d to %d |", name, o.times, o.rate(), 100*o.rate()/best,
		report.Median(o.waits), slices.Max(o.waits), len(o.refused), longest, o.by[0], slices.Min(others), slices.Max(others))
}
