package feed_test

import (
	"strconv"
	"testing"

	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// BenchmarkPublish hands one event to all subscribers of a workspace and reads
// it there, beside 1,000 subscribers of another workspace that must not matter.
func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{0, 1, 100, 1_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			h := feed.NewHub(feed.WithBuffer(1))
			defer h.Close()
			join := func(ws workspace.WorkspaceID, n int) []*feed.Subscription {
				all := make([]*feed.Subscription, n)
				for i := range all {
					s, err := h.Subscribe(b.Context(), ws)
					if err != nil {
						b.Fatal(err)
					}
					all[i] = s
				}
				return all
			}
			join("other", 1_000)
			listeners := join("a", n)
			item := news("a", 1)
			b.ReportAllocs()
			for b.Loop() {
				h.Publish(item)
				for _, s := range listeners {
					s.Next()
				}
			}
			if h.Slow() > 0 {
				b.Fatal("a listener was ended")
			}
		})
	}
}
