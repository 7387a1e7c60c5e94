package bench_test

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
)

// BenchmarkQuietCommands prints the commands that a verb sends to the database, at ten a second
// and without pauses: what a busy server does for several events at once.
func BenchmarkQuietCommands(b *testing.B) {
	direct, err := url.Parse(testdb.Start(b, testdb.Options{}).URI())
	require.NoError(b, err)
	wire, err := faultlink.ListenWire(context.Background(), direct.Host)
	require.NoError(b, err)
	b.Cleanup(func() { _ = wire.Close() })
	direct.Host = wire.Addr()
	client := newClient(b, startServer(b, direct.String()))
	for numbered := 0; numbered < 3; { // a server that has just begun numbers what is stored
		if commandsOf(wire, busyBlock, func() { client.takeOvers(b, busyBlock, 0) })["insert log"] > 0 {
			numbered++
		}
	}
	busy := commandsOf(wire, busyBlock, func() { client.takeOvers(b, busyBlock, 0) })
	quiet := commandsOf(wire, quietBlock, func() { client.takeOvers(b, quietBlock, quietApart) })
	for _, name := range slices.Sorted(maps.Keys(quiet)) {
		b.Logf("%-40s %6.2f quiet %6.2f busy", name, quiet[name], busy[name])
	}
	b.ReportMetric(quiet["all"]/busy["all"], "commands-quiet/busy")
	b.ReportMetric(0, "ns/op")
}

// commandsOf is how many commands of each name there were, for one of n.
func commandsOf(wire *faultlink.Wire, n int, work func()) map[string]float64 {
	wire.Reset()
	work()
	out := map[string]float64{}
	for c, count := range wire.Counts() {
		out[strings.TrimSpace(fmt.Sprint(c.Name, " ", c.Collection))] += float64(count.Commands) / float64(n)
		out["all"] += float64(count.Commands) / float64(n)
	}
	return out
}
