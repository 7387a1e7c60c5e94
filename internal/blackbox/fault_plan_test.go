package blackbox_test

import (
	"context"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// faultKind is one way to break things: it breaks, holds for a while, and mends.
type faultKind struct {
	name string
	do   func(r *faultRun, random *rand.Rand, hold func())
}

// faultKinds are all of them. Each is done at least once.
var faultKinds = []faultKind{
	{"server killed with -9, restarted", func(r *faultRun, random *rand.Rand, hold func()) {
		s := r.one(random)
		s.signal(syscall.SIGKILL)
		s.wait()
		hold()
		r.serve(s)
	}},
	{"two servers killed with -9 at once, restarted", func(r *faultRun, random *rand.Rand, hold func()) {
		from := random.IntN(faultServers)
		both := []*faultServer{r.servers[from], r.servers[(from+1)%faultServers]}
		for _, s := range both {
			s.signal(syscall.SIGKILL)
		}
		hold()
		for _, s := range both {
			s.wait()
			r.serve(s)
		}
	}},
	{"server asked to end by SIGTERM, restarted", func(r *faultRun, random *rand.Rand, _ func()) {
		s := r.one(random)
		s.terminate()
		r.serve(s)
	}},
	{"server frozen by SIGSTOP, thawed", func(r *faultRun, random *rand.Rand, hold func()) {
		s := r.one(random)
		s.signal(syscall.SIGSTOP)
		hold()
		s.signal(syscall.SIGCONT)
	}},
	{"all sockets of a server cut", func(r *faultRun, random *rand.Rand, _ func()) {
		r.one(random).front.Cut()
	}},
	{"sockets of a server slowed", func(r *faultRun, random *rand.Rand, hold func()) {
		s := r.one(random)
		s.front.Slow(faultDelay(random))
		hold()
		s.front.Heal()
	}},
	{"answers of a server lost, sockets cut", func(r *faultRun, random *rand.Rand, hold func()) {
		s := r.one(random)
		s.front.Swallow()
		hold()
		s.front.Heal()
	}},
	{"server cut off from the database", func(r *faultRun, random *rand.Rand, hold func()) {
		s := r.one(random)
		s.back.Refuse()
		hold()
		s.back.Heal()
	}},
	{"database slow for a server", func(r *faultRun, random *rand.Rand, hold func()) {
		s := r.one(random)
		s.back.Slow(faultDelay(random) / 4)
		hold()
		s.back.Heal()
	}},
	{"answers of the database lost to a server", func(r *faultRun, random *rand.Rand, hold func()) {
		s := r.one(random)
		s.back.Swallow()
		hold()
		s.back.Heal()
	}},
	{"database killed with -9, restarted", func(r *faultRun, _ *rand.Rand, hold func()) {
		r.mongo.Kill()
		hold()
		r.mongo.Restart()
	}},
	{"database frozen by SIGSTOP, thawed", func(r *faultRun, _ *rand.Rand, hold func()) {
		r.mongo.Freeze()
		hold()
		r.mongo.Thaw()
	}},
	{"database stepped down", func(r *faultRun, _ *rand.Rand, _ func()) {
		ctx, cancel := context.WithTimeout(r.t.Context(), patience)
		defer cancel()
		if !r.mongo.StepDown(ctx, 2*time.Second) {
			r.result.skip("database stepped down", "this server knows no replSetStepDown")
		}
	}},
	{"broker of the log cut off, back", func(r *faultRun, _ *rand.Rand, hold func()) {
		r.watch.broker.link.Refuse()
		hold()
		r.watch.broker.link.Heal()
	}},
	{lostCommits, func(r *faultRun, random *rand.Rand, hold func()) {
		r.failing(lostCommits, testdb.Failure{Commands: []string{"commitTransaction"}, CloseConnection: true, Times: 5 + random.IntN(20)}, hold)
	}},
	{cutStreams, func(r *faultRun, _ *rand.Rand, hold func()) {
		r.failing(cutStreams, testdb.Failure{Commands: []string{"getMore"}, CloseConnection: true, Times: 3 * faultServers}, hold)
	}},
}

func (r *faultRun) one(random *rand.Rand) *faultServer { return r.servers[random.IntN(len(r.servers))] }

func faultDelay(random *rand.Rand) time.Duration {
	return 50*time.Millisecond + time.Duration(random.Int64N(int64(200*time.Millisecond)))
}

// The faults that a server has to know of.
const (
	lostCommits = "commits without an answer (failCommand)"
	cutStreams  = "change streams hung up on (failCommand)"
)

// failing lets commands fail on a server that may have restarted meanwhile.
func (r *faultRun) failing(kind string, f testdb.Failure, hold func()) {
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	if !r.mongo.KnowsFailCommand(ctx) {
		r.result.skip(kind, "this server knows no failCommand")
		return
	}
	r.mongo.FailCommand(ctx, f)
	hold()
	r.mongo.Heal(ctx)
}

// breakThings does one fault after the other, each kind once in each round, in
// an order drawn from random, and begins no other round after the deadline.
// Behind each fault it waits until people can work again.
func (r *faultRun) breakThings(random *rand.Rand, deadline time.Time) {
	for round := 0; round == 0 || time.Now().Before(deadline); round++ {
		for _, n := range random.Perm(len(faultKinds)) {
			kind := faultKinds[n]
			if round > 0 && time.Now().After(deadline) {
				break
			}
			began := time.Now()
			kind.do(r, random, holdFor(random))
			before := r.acked.Load()
			eventually(r.t, "work after: "+kind.name, func() bool { return r.acked.Load() >= before+faultClients/2 })
			r.result.did(kind.name, began)
			require.False(r.t, r.t.Failed())
		}
	}
}

// holdFor returns a function that lets a fault last for half a second to two and a half.
func holdFor(random *rand.Rand) func() {
	return func() {
		timer := time.NewTimer(500*time.Millisecond + time.Duration(random.Int64N(int64(2*time.Second))))
		defer timer.Stop()
		<-timer.C
	}
}
