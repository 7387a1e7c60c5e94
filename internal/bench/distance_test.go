package bench_test

import (
	"context"
	"fmt"
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
	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

const (
	distanceRounds  = 5
	distanceCallers = 16
	// distanceVerbs is how many verbs each caller sends in a round.
	distanceVerbs = 5
)

// BenchmarkDistance lets 16 callers hand chats off and assign them to one member, with
// the database so far away, on one server and on three; alternately with commits that
// wait for each other and with commits that meet in the database. It prints a table, each
// line as soon as it is measured: far away they take minutes.
func BenchmarkDistance(b *testing.B) {
	d := newDistance(b)
	fmt.Println("\n| servers | ms | work | verbs/s | without | ratio | median, longest ms | without | refused, queued | without |")
	for _, at := range []time.Duration{0, 2 * time.Millisecond, 20 * time.Millisecond, 60 * time.Millisecond} {
		for _, w := range d.works {
			for _, servers := range []int{1, 3} {
				if servers > 1 && (testing.Short() || at == 60*time.Millisecond) {
					continue
				}
				fmt.Println(d.compare(b, w, at, servers))
			}
		}
	}
	fmt.Println("Not run: MongoDB itself; three servers at 60 ms, and with -short at any distance; with -short one round.")
	b.ReportMetric(0, "ns/op")
}

// distance is a database behind a wire, and servers that reach it by that way.
type distance struct {
	wire  *faultlink.Wire
	near  *floor // makes what is needed
	forms map[bool][]*floor
	works []*remoteWork
}

// remoteWork is one sort of verbs, and chats to use them on.
type remoteWork struct {
	name  string
	home  *staffed
	chats []inbox.ConversationID
	do    func(ctx context.Context, f *floor, id inbox.ConversationID) (desk.Outcome, error)
}

func newDistance(b *testing.B) *distance {
	b.Helper()
	server := testdb.Start(b, testdb.Options{})
	host, rest, _ := strings.Cut(strings.TrimPrefix(server.URI(), "mongodb://"), "/")
	wire, err := faultlink.ListenWire(b.Context(), host)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, wire.Close()) })
	d := &distance{wire: wire, near: newFloor(b, mongo.Config{URI: server.URI()}), forms: map[bool][]*floor{}}
	d.works = []*remoteWork{d.handOffs(b, workspace.RoundRobin), d.handOffs(b, workspace.Balanced), d.assigns(b)}
	for range 3 {
		for _, uncoordinated := range []bool{false, true} {
			far := newFloor(b, mongo.Config{URI: "mongodb://" + wire.Addr() + "/" + rest, Uncoordinated: uncoordinated})
			d.forms[uncoordinated] = append(d.forms[uncoordinated], far)
		}
	}
	return d
}

func (d *distance) handOffs(b *testing.B, m workspace.Method) *remoteWork {
	b.Helper()
	ws := workspace.WorkspaceID(strings.ToLower(strings.ReplaceAll(string(m), "_", "")))
	w := &remoteWork{name: "hand-off, " + string(m), home: d.near.workspace(b, ws, distanceCallers, 0, func(d *workspace.Directory) { d.Workspace.Rules.Method = m })}
	w.do = func(ctx context.Context, f *floor, id inbox.ConversationID) (desk.Outcome, error) {
		return f.service.Desk.RequestHandoff(ctx, w.home.as(workspace.ActorAgent, "-bot"), desk.Request{Conversation: id}, desk.HandoffTarget{})
	}
	return w
}

func (d *distance) assigns(b *testing.B) *remoteWork {
	b.Helper()
	w := &remoteWork{name: "assign to one member", home: d.near.workspace(b, "assign", distanceCallers, 0, func(d *workspace.Directory) {
		for id, m := range d.Members {
			m.Roles = []workspace.RoleName{"manager"}
			d.Members[id] = m
		}
	})}
	w.do = func(ctx context.Context, f *floor, id inbox.ConversationID) (desk.Outcome, error) {
		to := access.Owner{Member: workspace.MemberID(w.home.ws) + "-m0000"}
		return f.service.Desk.Assign(ctx, w.home.as(workspace.ActorMember, "-m0001"), desk.Request{Conversation: id}, to, "")
	}
	return w
}

// compare measures both forms alternately and returns a line of the table.
func (d *distance) compare(b *testing.B, w *remoteWork, at time.Duration, servers int) string {
	b.Helper()
	var ours, plain sample
	rounds := distanceRounds
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		ours.add(d.measure(b, w, at, d.forms[false][:servers]))
		plain.add(d.measure(b, w, at, d.forms[true][:servers]))
	}
	var ratios []float64
	for i := range ours.rates {
		ratios = append(ratios, ours.rates[i]/plain.rates[i])
	}
	return fmt.Sprintf("| %d | %d | %s | %.1f | %.1f | %.1f | %.0f, %.0f | %.0f, %.0f | %d, %d | %d, %d |", servers, at.Milliseconds(), w.name,
		report.Median(ours.rates), report.Median(plain.rates), report.Median(ratios),
		report.Median(ours.waits), ours.longest(), report.Median(plain.waits), plain.longest(), ours.refused, ours.queued, plain.refused, plain.queued)
}

// measure lets the callers send their verbs, spread over the servers.
func (d *distance) measure(b *testing.B, w *remoteWork, at time.Duration, servers []*floor) sample {
	b.Helper()
	d.wire.Heal()
	w.prepare(b, distanceCallers*distanceVerbs)
	d.wire.Distance(at)
	defer d.wire.Heal()
	var s sample
	var mu sync.Mutex
	var callers sync.WaitGroup
	began := time.Now()
	for caller := range distanceCallers {
		callers.Go(func() {
			for n := range distanceVerbs {
				ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
				start := time.Now()
				out, err := w.do(ctx, servers[caller%len(servers)], w.chats[caller*distanceVerbs+n])
				cancel()
				mu.Lock()
				s.count(time.Since(start), out, err)
				mu.Unlock()
			}
		})
	}
	callers.Wait()
	s.rates = []float64{float64(len(s.waits)) / time.Since(began).Seconds()}
	return s
}

// prepare starts chats that an AI agent has.
func (w *remoteWork) prepare(b *testing.B, n int) {
	b.Helper()
	w.chats = make([]inbox.ConversationID, n)
	var starting sync.WaitGroup
	for i := range 4 {
		starting.Go(func() {
			for at := i; at < n; at += 4 {
				w.chats[at] = w.home.start(b, workspace.AgentID(w.home.ws+"-bot"))
			}
		})
	}
	starting.Wait()
}

// sample is what rounds gave: a rate for each, a wait in ms for each verb that was done,
// how many were refused, and how many of those that were done went to the queue.
type sample struct {
	rates, waits    []float64
	refused, queued int
}

func (s *sample) count(took time.Duration, out desk.Outcome, err error) {
	if err != nil {
		s.refused++
		return
	}
	s.waits = append(s.waits, float64(took.Microseconds())/1000)
	if out.Conversation.Assignee == "" {
		s.queued++
	}
}

func (s *sample) add(more sample) {
	s.rates, s.waits = append(s.rates, more.rates...), append(s.waits, more.waits...)
	s.refused, s.queued = s.refused+more.refused, s.queued+more.queued
}

func (s *sample) longest() (most float64) {
	for _, w := range s.waits {
		most = max(most, w)
	}
	return most
}
