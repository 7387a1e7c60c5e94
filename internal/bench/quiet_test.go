package bench_test

import (
	"iter"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"switchboard/internal/bench/report"
	"switchboard/internal/testdb"
)

const (
	quietRounds = 7
	// quietApart is how far apart the verbs begin of a desk at which little happens, quietBlock
	// how many a round has, and busyBlock how many one without pauses has.
	quietApart = 100 * time.Millisecond
	quietBlock = 40
	busyBlock  = 150
	// settling is how long some duties of a server that has begun are done more often.
	settling = 70 * time.Second
)

// beats yields n times, so far apart as seen from the first one, or as soon as the one before
// is done, and tells when each began.
func beats(n int, apart time.Duration) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		start := time.Now()
		for i := range n {
			time.Sleep(time.Until(start.Add(time.Duration(i) * apart)))
			if !yield(time.Now()) {
				return
			}
		}
	}
}

// BenchmarkQuietVerb is BenchmarkVerb at ten a second beside verbs without pauses, both with
// the bare driver beside them, in turn. What the bare driver pays for pauses any program pays
// on that machine; the rest is this program's. Verbs of which each finds the caches of the
// processors cold, and which have no other pauses, tell what of it is caches.
func BenchmarkQuietVerb(b *testing.B) {
	uri := testdb.Start(b, testdb.Options{}).URI()
	server := startServer(b, uri)
	client := newClient(b, server)
	client.takeOvers(b, busyBlock, 0)
	server.migrate(b, bareDatabase)
	driver := startDriver(b, uri)
	driver.takeOvers(b, busyBlock, 0)
	time.Sleep(settling)
	found := map[string][]float64{}
	for range quietRounds {
		ours, theirs := costOf(b, server.process, client.takeOvers), costOf(b, driver.process, driver.takeOvers)
		for name, v := range map[string]float64{
			"cpu-quiet/busy": ours.quiet.cpu / ours.busy.cpu, "bare-cpu-quiet/busy": theirs.quiet.cpu / theirs.busy.cpu,
			"cpu-cold/busy": ours.cold.cpu / ours.busy.cpu, "bare-cpu-cold/busy": theirs.cold.cpu / theirs.busy.cpu,
			"p50-quiet/busy": ours.quiet.time / ours.busy.time, "bare-p50-quiet/busy": theirs.quiet.time / theirs.busy.time,
			"p50-cold/busy": ours.cold.time / ours.busy.time, "bare-p50-cold/busy": theirs.cold.time / theirs.busy.time,
			"cpu-busy/bare": ours.busy.cpu / theirs.busy.cpu, "cpu-quiet/bare": ours.quiet.cpu / theirs.quiet.cpu,
			"p50-busy/bare": ours.busy.time / theirs.busy.time, "p50-quiet/bare": ours.quiet.time / theirs.quiet.time,
		} {
			found[name] = append(found[name], v)
		}
	}
	for name, all := range found {
		b.ReportMetric(report.Median(all), name)
	}
	b.ReportMetric(0, "ns/op")
}

// cost is the CPU of a verb, and the median of the times.
type cost struct{ cpu, time float64 }

// costs are those of verbs without pauses, with pauses, and without pauses and caches.
type costs struct{ busy, quiet, cold cost }

func costOf(b *testing.B, process *os.Process, takeOvers func(*testing.B, int, time.Duration) []float64) costs {
	b.Helper()
	return costs{
		busy:  costed(b, process, func() []float64 { return takeOvers(b, busyBlock, 0) }),
		quiet: costed(b, process, func() []float64 { return takeOvers(b, quietBlock, quietApart) }),
		cold: costed(b, process, func() (all []float64) {
			for range quietBlock {
				coolCaches()
				all = append(all, takeOvers(b, 1, 0)...)
			}
			return all
		}),
	}
}

func costed(b *testing.B, process *os.Process, work func() []float64) cost {
	b.Helper()
	before := ranSeconds(b, process.Pid)
	all := work()
	return cost{(ranSeconds(b, process.Pid) - before) / float64(len(all)), report.Median(all)}
}

// coolCaches fills the caches of all processors with other things.
func coolCaches() {
	const size, line = 48 << 20, 64
	var running sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for data, at := make([]byte, size), 0; at < size; at += line {
				data[at]++
			}
		})
	}
	running.Wait()
}
