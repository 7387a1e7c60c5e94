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
	overloadChats = 600
	overloadStep  = 2 * time.Second
	// overloadCallers share the load; the first sends half of it.
	overloadCallers = 8
)

// BenchmarkOverload offers one to ten times of what one server can do on one member, on
// one conversation, and on one team in rotation, each for a moment, and prints what came
// of it.
func BenchmarkOverload(b *testing.B) {
	f := newFloor(b, mongo.Config{URI: testdb.Start(b, testdb.Options{}).URI()})
	lines := []string{"| work | offered | verbs/s | of the best | median, longest ms | refused at once | longest until refused, ms | verbs of the busy caller, of the others |"}
	for _, w := range []*hotWork{hotMember(b, f), hotConversation(b, f), hotTeam(b, f)} {
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
	fmt.Println("\n" + strings.Join(lines, "\n"))
	b.ReportMetric(0, "ns/op")
}

// hotWork is a verb that many send to the same documents.
type hotWork struct {
	name string
	home *staffed
	// free are conversations that no verb is at.
	free chan inbox.ConversationID
	do   func(ctx context.Context, caller int, id inbox.ConversationID) error
}

func newHotWork(b *testing.B, f *floor, ws workspace.WorkspaceID, chats int) *hotWork {
	b.Helper()
	w, team := &hotWork{free: make(chan inbox.ConversationID, chats)}, workspace.TeamID(ws+"-hot")
	w.home = f.workspace(b, ws, overloadCallers+2, 0, func(d *workspace.Directory) {
		d.Workspace.Rules.Method, d.Workspace.Rules.TeamTarget = workspace.RoundRobin, workspace.TeamTargetMethod
		d.Teams = map[workspace.TeamID]workspace.Team{team: {ID: team, Workspace: ws, Name: "hot", Rev: 1}}
		for id, m := range d.Members {
			m.Roles, m.Teams = []workspace.RoleName{"manager"}, []workspace.TeamID{team}
			d.Members[id] = m
		}
	})
	return w
}

// refill makes chats that an AI agent has, until there is enough for a step.
func (w *hotWork) refill(b *testing.B) {
	b.Helper()
	var making sync.WaitGroup
	missing := cap(w.free) - len(w.free)
	for n := range 4 {
		making.Go(func() {
			for i := n; i < missing; i += 4 {
				w.free <- w.home.start(b, workspace.AgentID(w.home.ws+"-bot"))
			}
		})
	}
	making.Wait()
}

func (w *hotWork) caller(n int) inbox.Principal {
	return w.home.as(workspace.ActorMember, fmt.Sprintf("-m%04d", n))
}

func hotMember(b *testing.B, f *floor) *hotWork {
	b.Helper()
	w := newHotWork(b, f, "hotmember", overloadChats)
	w.name = "assign to one member"
	to := access.Owner{Member: "hotmember-m0009"}
	w.do = func(ctx context.Context, caller int, id inbox.ConversationID) error {
		_, err := f.service.Desk.Assign(ctx, w.caller(caller), desk.Request{Conversation: id}, to, "")
		return err
	}
	return w
}

func hotTeam(b *testing.B, f *floor) *hotWork {
	b.Helper()
	w := newHotWork(b, f, "hotteam", overloadChats)
	w.name = "assign to one team, ROUND_ROBIN"
	w.do = func(ctx context.Context, caller int, id inbox.ConversationID) error {
		_, err := f.service.Desk.Assign(ctx, w.caller(caller), desk.Request{Conversation: id}, access.Owner{Team: "hotteam-hot"}, "")
		return err
	}
	return w
}

func hotConversation(b *testing.B, f *floor) *hotWork {
	b.Helper()
	w := newHotWork(b, f, "hotchat", 1)
	w.name = "messages into one conversation"
	id := w.home.start(b, "hotchat-bot")
	w.free = nil
	w.do = func(ctx context.Context, caller int, _ inbox.ConversationID) error {
		_, err := f.service.Messages.Send(ctx, w.caller(caller), desk.SendRequest{Conversation: id, Body: "hello", Internal: true})
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
	w.refill(b)
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
			select {
			case id = <-w.free:
			case <-time.After(time.Until(began.Add(overloadStep))): // nothing is left to work on
				continue
			}
		}
		sent.Go(func() {
			start := time.Now()
			err := w.do(context.Background(), caller, id)
			ms := float64(time.Since(start).Microseconds()) / 1000
			if w.free != nil && err != nil {
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
