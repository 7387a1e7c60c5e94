package main

import (
	"sync/atomic"

	"switchboard/inbox/webhooks"
	"switchboard/metrics"
)

// webhookTally counts attempts by what came of them.
type webhookTally struct{ delivered, refused, unanswered, replayed atomic.Uint64 }

func (t *webhookTally) observe(o webhooks.Outcome, replay bool) {
	switch {
	case o.OK():
		t.delivered.Add(1)
	case o.Status != 0:
		t.refused.Add(1)
	default:
		t.unanswered.Add(1)
	}
	if replay {
		t.replayed.Add(1)
	}
}

func (t *webhookTally) metrics() []metrics.Metric {
	counter := func(name, help string, n *atomic.Uint64) metrics.Metric {
		return metrics.Metric{Name: name, Help: help, Counts: true, Read: func() float64 { return float64(n.Load()) }}
	}
	return []metrics.Metric{
		counter("switchboard_webhooks_delivered_total", "Attempts of this server that endpoints of webhooks took.", &t.delivered),
		counter("switchboard_webhooks_refused_total", "Attempts that they answered with another status than 2xx.", &t.refused),
		counter("switchboard_webhooks_unanswered_total", "Attempts without a response.", &t.unanswered),
		counter("switchboard_webhooks_replayed_total", "Attempts of replays and tests, which are among the others.", &t.replayed),
	}
}
