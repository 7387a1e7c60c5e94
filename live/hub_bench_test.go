package live_test

import (
	"strconv"
	"sync"
	"testing"

	"switchboard/live"
)

// BenchmarkPublish hands one event to all subscribers of a workspace, beside
// 1,000 subscribers of others that must not matter.
func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{0, 1, 100, 1_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			h := live.NewHub()
			var readers sync.WaitGroup
			for i := range 1_000 + n {
				ws := news("others", 0).Event.Workspace
				if i < n {
					ws = "a"
				}
				s, err := h.Subscribe(b.Context(), ws)
				if err != nil {
					b.Fatal(err)
				}
				readers.Go(func() {
					for range s.Items() {
					}
				})
			}
			item := news("a", 1)
			b.ReportAllocs()
			for b.Loop() {
				h.Publish(item)
			}
			b.ReportMetric(float64(h.Slow()), "slow")
			h.Close()
			readers.Wait()
		})
	}
}
