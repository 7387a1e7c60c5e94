package bench_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/bench/report"
	"switchboard/internal/testdb"
)

const (
	rounds = 9
	block  = 200
)

// BenchmarkVerb takes a conversation over again and again, through HTTP and
// GraphQL, and beside it with the bare driver, with one client each, in turn.
func BenchmarkVerb(b *testing.B) {
	uri := testdb.Start(b, testdb.Options{}).URI()
	server := startServer(b, uri)
	client := newClient(b, server)
	client.takeOvers(b, block, 0) // warm, and leaves an event to copy
	server.migrate(b, bareDatabase)
	driver := startDriver(b, uri)
	driver.takeOvers(b, block, 0)

	var latency, cpu, ours, theirs, oursP50, theirsP50 []float64
	for range rounds {
		a, usedA := measured(b, server.process, func() []float64 { return client.takeOvers(b, block, 0) })
		c, usedC := measured(b, driver.process, func() []float64 { return driver.takeOvers(b, block, 0) })
		latency, cpu = append(latency, report.Median(a)/report.Median(c)), append(cpu, usedA/usedC)
		ours, theirs = append(ours, usedA), append(theirs, usedC)
		oursP50, theirsP50 = append(oursP50, report.Median(a)), append(theirsP50, report.Median(c))
	}
	b.ReportMetric(report.Median(latency), "p50-ratio")
	b.ReportMetric(report.Median(cpu), "cpu-ratio")
	b.ReportMetric(report.Median(ours)*1e6, "us-cpu/verb")
	b.ReportMetric(report.Median(theirs)*1e6, "us-cpu/bare")
	b.ReportMetric(report.Median(oursP50)/1e3, "us-p50/verb")
	b.ReportMetric(report.Median(theirsP50)/1e3, "us-p50/bare")
	b.ReportMetric(0, "ns/op")
}

// measured runs work and tells how many seconds of CPU process used for each
// result.
func measured(b *testing.B, process *os.Process, work func() []float64) ([]float64, float64) {
	b.Helper()
	before := cpuSeconds(b, process.Pid)
	out := work()
	return out, (cpuSeconds(b, process.Pid) - before) / float64(len(out))
}

// driver is the process of the bare driver.
type driver struct {
	process *os.Process
	in      io.Writer
	out     *bufio.Reader
}

func startDriver(b *testing.B, uri string) *driver {
	b.Helper()
	self, err := os.Executable()
	require.NoError(b, err)
	cmd := exec.CommandContext(context.Background(), self)
	cmd.Env, cmd.Stderr = append(os.Environ(), bareURI+"="+uri), os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(b, err)
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() {
		_ = in.Close() // which ends it
		_ = cmd.Wait()
	})
	return &driver{process: cmd.Process, in: in, out: bufio.NewReader(out)}
}

func (d *driver) takeOvers(b *testing.B, n int, apart time.Duration) []float64 {
	b.Helper()
	_, err := fmt.Fprintln(d.in, n, apart.Nanoseconds())
	require.NoError(b, err)
	line, err := d.out.ReadString('\n')
	require.NoError(b, err)
	var out []float64
	for field := range strings.FieldsSeq(line) {
		var nanos float64
		_, err := fmt.Sscan(field, &nanos)
		require.NoError(b, err)
		out = append(out, nanos)
	}
	require.Len(b, out, n)
	return out
}
