package blackbox_test

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// logDesk is a workspace in which conversations change hands, with who gets its log.
type logDesk struct {
	*shift
	watch   *logWatch
	caller  client   // of the boss, at no server
	members []string // the tokens of those who take over
	turns   atomic.Int64
	done    atomic.Int64 // changes that were acknowledged
}

// logKey is the API key of the endpoints, which sees everything.
const logKey workspace.KeyID = "crm"

// logDesks are the engines of a desk: the flags are those of its receivers.
func logDesks(servers int) map[string]func(*testing.T, []string, ...*workspace.Directory) *house {
	return map[string]func(*testing.T, []string, ...*workspace.Directory) *house{
		"embedded": embeddedWith,
		"wire": func(t *testing.T, flags []string, all ...*workspace.Directory) *house {
			t.Helper()
			return serversWith(t, servers, flags, all...)
		},
	}
}

// newLogDesk opens a desk whose endpoints have been made. All act as logKey but those that
// name a key of their own.
func newLogDesk(t *testing.T, open func(*testing.T, []string, ...*workspace.Directory) *house, hooks ...*logHook) *logDesk {
	t.Helper()
	d := staff("log", 2, func(*workspace.Rules) {})
	for id, m := range d.Members {
		m.Roles = []workspace.RoleName{"manager"}
		d.Members[id] = m
	}
	boss := d.Members["log-boss"]
	boss.Roles = append(boss.Roles, "owner")
	d.Members["log-boss"], d.Keys = boss, map[workspace.KeyID]workspace.APIKey{}
	for _, h := range hooks {
		h.key, h.sees = cmp.Or(h.key, logKey), seesAll
		k := workspace.APIKey{ID: h.key, Workspace: "log", Name: string(h.key), Role: workspace.RolePartner, Rev: 1}
		for _, kind := range workspace.Kinds() {
			k.Permissions = append(k.Permissions, workspace.Permission{Kind: kind, Action: workspace.PermView, Scope: workspace.ScopeAll})
		}
		d.Keys[k.ID] = k
	}
	w := newLogWatch(t, "log", 1, hooks...)
	h := open(t, w.flags(), d)
	l := &logDesk{shift: h.shifts["log"].in(t), watch: w}
	l.caller = client{server: &server{http: faultHTTP(t, logWorkers)}, t: t, token: l.boss(0).token}
	for _, id := range []string{"log-a", "log-b"} {
		l.members = append(l.members, l.member(0, id).token)
	}
	w.begin(h.stored, l.boss(0))
	return l
}

// anyone is the address of one of the servers, another with each call.
func (d *logDesk) anyone() string {
	d.house.mu.Lock()
	defer d.house.mu.Unlock()
	return d.servers[int(d.turns.Add(1))%len(d.servers)].addr
}

// readers adds subscribers of eventLog: one who comes back by cursor, and one by sequence.
func (d *logDesk) readers(ctx context.Context, listeners *sync.WaitGroup) {
	for _, bySequence := range []bool{false, true} {
		name := fmt.Sprintf("the boss, by sequence: %v", bySequence)
		d.watch.readers = append(d.watch.readers, newLogReader(name, d.caller.token, d.anyone, bySequence, seesAll))
	}
	d.watch.run(ctx, listeners)
}

// change has one of the members take a conversation over, each in turn, and asks again with
// the same key until a server answers.
func (d *logDesk) change(ctx context.Context, id string, n int) {
	input := object{"conversationId": id, "idempotencyKey": fmt.Sprint(id, n)}
	again := time.NewTicker(10 * tick)
	defer again.Stop()
	for ; ctx.Err() == nil; <-again.C {
		c := &client{server: &server{addr: d.anyone(), http: d.caller.http}, t: d.t, token: d.members[n%len(d.members)]}
		got, err := c.try(ctx, mutation("takeOverConversation"), object{"input": input})
		if err != nil || len(got.Errors) > 0 {
			continue
		}
		if dig(got.Data, "payload", "event") != nil { // else it was that member's
			d.done.Add(1)
		}
		return
	}
}

// killHolder kills the server that does the duties of all, amid whatever it does, and
// starts another in its place.
func (d *logDesk) killHolder() {
	d.t.Helper()
	place := d.holder()
	d.servers[place].signal(syscall.SIGKILL)
	d.servers[place].wait()
	again := d.serve(d.t)
	d.house.mu.Lock()
	defer d.house.mu.Unlock()
	d.servers[place] = again
}

// settled waits until everybody has everything, and demands that nothing is wrong.
func (d *logDesk) settled() {
	d.t.Helper()
	for _, v := range d.watch.await(func() []inbox.Event { return d.read().Events }) {
		require.Empty(d.t, v.faults[:min(5, len(v.faults))], "%s: %s, %d wrong", v.name, v.of, len(v.faults))
		d.t.Logf("%s: %s", v.name, v.of)
	}
}
