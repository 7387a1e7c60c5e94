package main

import (
	"errors"
	"slices"
	"time"

	"switchboard/live/feed"
	"switchboard/metrics"
)

// metrics are the numbers that the parts of the server keep of themselves. A new
// one is a row here and a line in docs/operating.md.
func (s *server) metrics() []metrics.Metric {
	return slices.Concat(s.gapFigures(), s.policy.metrics(), s.webhookTally.metrics(), s.streamFigures(), []metrics.Metric{
		buildInfo(),

		gauge("switchboard_queue_waiting", "Conversations that this server knows to wait in queues, of all workspaces.", whole(s.drainer.Waiting)),
		gauge("switchboard_marks", "People shown at conversations now, of all servers, each window once.", func() float64 { return float64(s.marks.Stats().Standing) }),
		counter("switchboard_marks_refused_total", "People who were not shown because too many were already.", func() uint64 { return s.marks.Stats().Refused }),
		counter("switchboard_bulletins_total", "Bulletins about them that this server sent to the others.", func() uint64 { return s.marks.Stats().Sent }),
		counter("switchboard_bulletins_failed_total", "Bulletins that could not be written, and were sent again.", func() uint64 { return s.marks.Stats().Failed }),
		gauge("switchboard_key_uses_waiting", "Uses of API keys that wait to be stored.", func() float64 { n, _ := s.keys.Waiting(); return float64(n) }),
		counter("switchboard_key_uses_late_total", "Uses of API keys that found no room, and are stored with the key's next use.", func() uint64 { _, n := s.keys.Waiting(); return n }),

		gauge("switchboard_operations_running", "Queries and mutations that are running now.", whole(s.graphql.Operations)),
		gauge("switchboard_sockets", "WebSockets that are open or still closing.", whole(s.graphql.Sockets)),

		gauge("switchboard_groups", "Subscriptions that are executed once for a group of subscribers.", func() float64 { return float64(s.graphql.Stats().Groups) }),
		gauge("switchboard_group_members", "Subscribers in those groups.", func() float64 { return float64(s.graphql.Stats().Members) }),
		counter("switchboard_group_members_total", "Subscribers that ever joined a group.", func() uint64 { return s.graphql.Stats().Joined }),
		counter("switchboard_deliveries_total", "Items that groups delivered to subscribers.", func() uint64 { return s.graphql.Stats().Deliveries }),
		counter("switchboard_sockets_slow_total", "Connections closed because the client read too slowly.", func() uint64 { return s.graphql.Stats().Slow }),
		counter("switchboard_audit_dropped_total", "Refusals that are missing in the audit log because they could not be written.", s.refusals.dropped.Load),

		counter("switchboard_lost_changes_total", "Commits that lost a race for the conversation and were tried again.", func() uint64 { n, _ := s.service.Desk.LostRaces(); return n }),
		counter("switchboard_lost_choices_total", "Choices of the rules that lost a race for the member; another member was chosen.", func() uint64 { _, n := s.service.Desk.LostRaces(); return n }),
		gauge("switchboard_log_lag_seconds", "From the commit of the newest records to their numbers, on the server that numbers; 0 on others.",
			func() float64 { return s.numberer.Lag().Seconds() }),
		counter("switchboard_sink_records_total", "Records of the log that this server handed to the broker of --sink.", s.sunk),
		counter("switchboard_transactions_repeated_total", "Transactions retried after a conflict or a fault.", s.repeats),
		gauge("switchboard_verbs_waiting", "Verbs that wait for others on the same conversation, member or team.",
			func() float64 { n, _ := s.service.Desk.Crowd(); return float64(n) }),
		counter("switchboard_verbs_refused_total", "Verbs refused as UNAVAILABLE because too many waited for the same.",
			func() uint64 { _, n := s.service.Desk.Crowd(); return n }),
		gauge("switchboard_commits_waiting", "Commits that wait for others of this server that write the same documents.",
			func() float64 { n, _ := s.commits(); return float64(n) }),
		counter("switchboard_commits_refused_total", "Commits refused as UNAVAILABLE because too many waited for one document.",
			func() uint64 { _, n := s.commits(); return n }),

		gauge("switchboard_trusted_documents_refused",
			"1 while the file of --trusted-documents cannot be used, and older documents are in use.", s.trusted.isRefused),

		gauge("switchboard_feed_open", "1 while the change stream is open, 0 while it is lost.", func() float64 { return oneIf(s.pump.Healthy()) }),
		gauge("switchboard_feed_lag_seconds", "From the time in the newest event to its arrival here; clocks of two machines may differ.", func() float64 { return s.pump.Lag().Seconds() }),
		gauge("switchboard_feed_last_event_age_seconds", "Since the newest event arrived; -1 before the first.", func() float64 { return age(s.pump.LastEventAt()) }),
		gauge("switchboard_feed_heard_age_seconds", "Since the change stream delivered anything, heartbeats included; -1 before that.", func() float64 { return age(s.pump.HeardAt()) }),
		counter("switchboard_feed_reopens_total", "Times the change stream was opened again after it broke.", s.pump.Reopens),
		counter("switchboard_feed_mutes_total", "Times the change stream was open but delivered no heartbeats.", s.silences),
		counter("switchboard_feed_gaps_total", "Times events were lost, and subscribers received a gap.", s.pump.Gaps),

		gauge("switchboard_client_subscriptions", "Subscriptions of clients that are open.", func() float64 { return float64(s.graphql.Stats().Subscriptions) }),
		gauge("switchboard_client_subscription_bytes", "Estimated memory of those subscriptions, with messages that wait to be sent.", func() float64 { return float64(s.graphql.Stats().Bytes) }),
		counter("switchboard_client_subscriptions_refused_total", "Subscriptions refused because of a limit, of the caller or of all together.", func() uint64 { return s.graphql.Stats().NoRoom }),
	})
}

func gauge(name, help string, read func() float64) metrics.Metric {
	return metrics.Metric{Name: name, Help: help, Read: read}
}

func counter(name, help string, read func() uint64) metrics.Metric {
	return metrics.Metric{Name: name, Help: help, Counts: true, Read: func() float64 { return float64(read()) }}
}

// whole reads a whole number as a gauge does.
func whole(read func() int) func() float64 { return func() float64 { return float64(read()) } }

// streamFigures are about the subscribers of the hub.
func (s *server) streamFigures() []metrics.Metric {
	return []metrics.Metric{
		gauge("switchboard_ring_items", "Newest events kept in memory for subscribers that resume.", whole(s.hub.Kept)),
		gauge("switchboard_subscriptions", "Subscriptions of the hub that are open.", whole(s.hub.Subscriptions)),
		counter("switchboard_subscriptions_total", "Subscriptions of the hub that were ever opened.", s.hub.Joined),
		counter("switchboard_subscriptions_slow_total", "Subscriptions ended because their reader was too slow.", s.hub.Slow),
		gauge("switchboard_catch_ups", "Subscribers that read missed events from the database, or wait for it.", whole(s.catchUp.Running)),
		gauge("switchboard_catch_ups_waiting", "Those of them that wait for a slot.", whole(s.catchUp.Waiting)),
		counter("switchboard_catch_ups_total", "Times a subscriber read missed events from the database, or received a gap instead.", s.catchUp.Begun),
		counter("switchboard_catch_ups_gone_total", "Gaps because the database's log no longer reached back that far.", s.catchUp.Gone),
		counter("switchboard_catch_ups_large_total", "Gaps because too many events, or too many bytes of them, were missed.", s.catchUp.Large),
		counter("switchboard_catch_ups_slow_total", "Gaps because reading the missed events took too long.", s.catchUp.Slow),
		counter("switchboard_catch_ups_refused_total", "Gaps because too many subscribers of the same caller or workspace waited for a slot.", s.catchUp.Refused),
	}
}

// gapFigures count the gaps that subscribers received, by reason.
func (s *server) gapFigures() (out []metrics.Metric) {
	for _, reason := range feed.GapReasons() {
		out = append(out, metrics.Metric{
			Name: "switchboard_gaps_total", Help: "Items of live streams that told a subscriber to fetch again, by reason.", Counts: true,
			Labels: map[string]string{"reason": string(reason)}, Read: func() float64 { return float64(s.gaps.Count(reason)) },
		})
	}
	return out
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func age(at time.Time) float64 {
	if at.IsZero() {
		return -1
	}
	return time.Since(at).Seconds()
}

var errFeedLost = errors.New("the change stream is lost and is being opened again")

// checks are the conditions for the server to be ready.
func (s *server) checks() []metrics.Check {
	all := []metrics.Check{
		{Name: "storage", Healthy: s.writable},
		{Name: "feed", Healthy: func() error {
			if !s.pump.Healthy() {
				return errFeedLost
			}
			return nil
		}},
	}
	if s.heartbeats != nil {
		all = append(all, metrics.Check{Name: "heartbeat", Healthy: s.heartbeats.Healthy})
	}
	return all
}

func (s *server) silences() uint64 {
	if s.heartbeats == nil {
		return 0
	}
	return s.heartbeats.Silences()
}

// repeats is 0 on an engine whose transactions never meet.
func (s *server) repeats() uint64 {
	if e, ok := s.store.(interface{ Repeats() uint64 }); ok {
		return e.Repeats()
	}
	return 0
}

// commits are zeros on an engine with one writer.
func (s *server) commits() (waiting int, refused uint64) {
	if e, ok := s.store.(interface {
		Commits() (waiting int, refused uint64)
	}); ok {
		return e.Commits()
	}
	return 0, 0
}

// writable is why the engine commits nothing: a full disk, or indexes that are missing.
func (s *server) writable() error {
	if e, ok := s.store.(interface{ Writable() error }); ok {
		return e.Writable()
	}
	return nil
}
