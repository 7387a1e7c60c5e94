package feed_test

import (
	"strconv"
	"testing"
	"time"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// BenchmarkOtherTeams publishes events of one team, of which ten listen, beside
// 50 and beside 5,000 who listen to other teams. It reports what the many cost
// more, taken in turns: about 1 when the cost follows the matches.
func BenchmarkOtherTeams(b *testing.B) {
	few, many := newCrowd(b, 50), newCrowd(b, 5_000)
	var fewTook, manyTook time.Duration
	for b.Loop() {
		fewTook += few.publish(100)
		manyTook += many.publish(100)
	}
	b.ReportMetric(float64(manyTook)/float64(fewTook), "times-the-cost")
	b.ReportMetric(float64(manyTook.Nanoseconds())/float64(b.N)/100, "ns/event-beside-5000")
}

type crowd struct {
	hub       *feed.Hub
	listeners []*feed.Subscription
}

func newCrowd(b *testing.B, others int) *crowd {
	b.Helper()
	c := &crowd{hub: feed.NewHub(feed.WithBuffer(1))}
	b.Cleanup(c.hub.Close)
	join := func(team workspace.TeamID) *feed.Subscription {
		view, reach := access.View{List: access.ListUnassigned}, access.VisibilityFilter{
			Member: "m", Teams: []workspace.TeamID{team}, Teammates: []workspace.MemberID{workspace.MemberID(team) + "-m"},
			Scopes: map[workspace.Kind]workspace.Scope{workspace.Ticket: workspace.ScopeTeam},
		}
		s, err := c.hub.Subscribe(b.Context(), "a", view.Facets(reach)...)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	for i := range others {
		join(workspace.TeamID("team-" + strconv.Itoa(i%500)))
	}
	for range 10 {
		c.listeners = append(c.listeners, join("ours"))
	}
	return c
}

// publish tells n events and has those who are concerned read them.
func (c *crowd) publish(n int) time.Duration {
	item := of("ours", 1)
	item.Event.After.Assignee, item.Event.To.Assignee = "", ""
	began := time.Now()
	for range n {
		c.hub.Publish(item)
		for _, s := range c.listeners {
			s.Next()
		}
	}
	return time.Since(began)
}
