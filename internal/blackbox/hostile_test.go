package blackbox_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/hostile"
	"switchboard/internal/testdb"
)

// mostGrowth is by how much the memory of a server may grow under six hostile
// visitors, in bytes: without bounds they made 2.5 GB and more of it.
const mostGrowth = 600 << 20

// Six hostile visitors do all that their tokens allow, as fast as they can, beside
// honest people. Nothing is refused to the honest, the visitors meet a bound with
// each thing that they try, the server stays small and every probe is answered.
// How long things take is measured by `make bench-hostile`.
func TestHostileVisitorsBesideHonestPeople(t *testing.T) {
	t.Parallel()
	for engine, arguments := range map[string]func(t *testing.T) []string{
		"embedded": func(t *testing.T) []string { testdb.Record(t, testdb.Embedded); return []string{"--memory"} },
		"wire":     func(t *testing.T) []string { return []string{"--mongodb-uri", database(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			s := demo(t, append(arguments(t), "--metrics-addr", "127.0.0.1:0")...)
			s.until(&s.errors, "the address of its metrics", consoleLine.MatchString)
			console := &hostile.Console{Addr: consoleLine.FindStringSubmatch(s.errors.String())[1]}
			besiege(t, s, console)
			require.Eventually(t, func() bool {
				figures, err := console.Get(t.Context())
				return err == nil && figures["switchboard_client_subscriptions"] == 0 && figures["switchboard_client_subscription_bytes"] == 0 && figures["switchboard_sockets"] == 0
			}, patience, tick, "everything is given back")
		})
	}
}

func besiege(t *testing.T, s *server, console *hostile.Console) {
	t.Helper()
	api, other := hostile.NewAPI(s.addr), hostile.NewAPI(s.addr)
	defer api.HTTP.CloseIdleConnections()
	defer other.HTTP.CloseIdleConnections()
	starter, owner := hostile.Starter{Key: s.tokens["demo website"], Agent: s.tokens["demo ai@demo.test"]}, s.tokens["demo owner@demo.test"]
	honest := &hostile.Honest{API: api, People: 20, Starter: starter, Think: 4 * time.Second, Desk: []string{owner, s.tokens["demo manager@demo.test"], s.tokens["demo agent1@demo.test"], s.tokens["demo agent2@demo.test"]}}
	visitors := &hostile.Visitors{API: other, Number: 6, Starter: starter, Closer: owner}
	runs, err := visitors.Ready(t.Context())
	require.NoError(t, err)
	before, err := console.Get(t.Context())
	require.NoError(t, err)

	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	all.Go(func() { console.Watch(ctx, tick) })
	for _, run := range runs {
		all.Go(func() { run(ctx) })
	}
	failed := make(chan error, 1)
	all.Go(func() { failed <- honest.Run(ctx) })
	defer func() { t.Logf("hostile:\n%s\nhonest:\n%s", visitors.Counts.String(), honest.Counts.String()) }()
	eventually(t, "enough of everything", func() bool {
		for _, attack := range hostile.Attacks() {
			if attack != "slow" && visitors.Counts.Of(attack, "") < 10 {
				return false
			}
		}
		return visitors.Counts.Of("slow", "lost") > 0 && answered(honest) >= 60 && visitors.Counts.Of("subscriptions", "LIMIT_EXCEEDED") > 0
	})
	stop()
	require.NoError(t, <-failed)
	all.Wait()

	require.Empty(t, honest.Failures())
	require.LessOrEqual(t, visitors.Counts.Of("anew", "OK"), 6*6, "five at once, and some more as time passes")
	require.Positive(t, visitors.Counts.Of("messages", "RATE_LIMITED"))
	require.Positive(t, visitors.Counts.Of("subscriptions", "closed 1013"))
	require.Positive(t, visitors.Counts.Of("wide", "RATE_LIMITED"))
	asked, answered := console.Answered()
	require.Equal(t, asked, answered, "every probe is answered")
	require.LessOrEqual(t, console.Most("switchboard_client_subscriptions"), float64(6*8+20+20), "eight of each visitor")
	grown := console.Most("process_resident_memory_bytes") - before["process_resident_memory_bytes"]
	t.Logf("probes: %d of %d; memory grew by %.0f MB", answered, asked, grown/1e6)
	require.Less(t, grown, float64(mostGrowth))
}

// answered is the number of requests of honest people that were answered.
func answered(h *hostile.Honest) (n int) {
	for _, times := range h.Times() {
		n += len(times)
	}
	return n
}
