package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"switchboard/internal/bench/report"
)

// bench is a server with a workspace and an endpoint.
type bench struct {
	plan
	server   *server
	desk     *desk
	receiver *receiver
}

const (
	create = `mutation($url: String!, $key: ID!) {
		payload: createWebhook(input: {name: "CRM", url: $url, apiKeyId: $key, records: [OWNERSHIP, MESSAGE]}) {
			webhook { id } userErrors { message } } }`
	remove = `mutation($id: ID!) { payload: deleteWebhook(webhookId: $id) { userErrors { message } } }`
	replay = `mutation($id: ID!) {
		payload: replayWebhook(input: {webhookId: $id, from: {sequence: "1"}}) { events userErrors { message } } }`
	newest = `{ payload: eventLog(last: 0) { newest } }`
)

func (b *bench) owner(ctx context.Context, query string, variables map[string]any, into any) error {
	return b.server.ask(ctx, b.desk.tokens[owner], query, variables, into)
}

// all measures what the plan says.
func (b *bench) all(ctx context.Context) error {
	if err := b.numbered(ctx); err != nil {
		return err
	}
	if err := b.idle(ctx); err != nil || b.records == 0 {
		return err
	}
	var ratios, sinceAnswer []float64
	for round := range b.rounds {
		r, err := b.round(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("round %d without a replay: %s\n", round+1, r.without)
		fmt.Printf("round %d with one:         %s\n  %s\n", round+1, r.with, r)
		ratios = append(ratios, share(r.with.sinceRequest, 99)/share(r.without.sinceRequest, 99))
		sinceAnswer = append(sinceAnswer, share(r.with.sinceAnswer, 99)/share(r.without.sinceAnswer, 99))
	}
	fmt.Printf("p99 with a replay over without, median of %d rounds: %.2f since the request, %.2f since its answer\n",
		b.rounds, report.Median(ratios), report.Median(sinceAnswer))
	fmt.Println("wanted: at most 1.2")
	return nil
}

// numbered waits until the log has all of its records.
func (b *bench) numbered(ctx context.Context) error {
	began, last := time.Now(), ""
	for {
		var log struct{ Newest string }
		if err := b.owner(ctx, newest, nil, &log); err != nil {
			return err
		}
		if log.Newest != "0" && log.Newest == last {
			fmt.Printf("the log has %s records, numbered within %s\n", last, time.Since(began).Round(time.Second))
			return nil
		}
		last = log.Newest
		if err := pause(ctx, 2*time.Second); err != nil {
			return err
		}
	}
}

// endpoint makes an endpoint, and returns its id and what deletes it again.
func (b *bench) endpoint(ctx context.Context) (id string, end func() error, err error) {
	var made struct{ Webhook struct{ ID string } }
	err = b.owner(ctx, create, map[string]any{"url": b.receiver.URL, "key": b.desk.key}, &made)
	id = made.Webhook.ID
	return id, func() error {
		var gone struct{}
		return b.owner(ctx, remove, map[string]any{"id": id}, &gone)
	}, err
}

// idle measures events one by one.
func (b *bench) idle(ctx context.Context) error {
	_, end, err := b.endpoint(ctx)
	if err != nil {
		return err
	}
	if _, err := b.offer(ctx, 20, b.every); err != nil { // connections and plans of the database are warm then
		return err
	}
	t, err := b.offer(ctx, b.events, b.every)
	if err != nil {
		return err
	}
	fmt.Printf("idle, %d events: %s; wanted: p50 under 10 ms, p99 under 50 ms\n", b.events, t)
	return end()
}

// result is one round.
type result struct {
	without, with         times
	before, during, after float64 // MB
	replayed, of          int
	took                  time.Duration
}

// String says how far the replay got, and what the server needed.
func (r result) String() string {
	return fmt.Sprintf("replayed %d of %d records, %.0f a second; ", r.replayed, r.of, float64(r.replayed)/r.took.Seconds()) +
		fmt.Sprintf("memory (RSS) %.0f MB before, at most %.0f MB meanwhile, %.0f MB at the end", r.before, r.during, r.after)
}

// round measures events at the rate without a replay, and then beside one from record 1.
func (b *bench) round(ctx context.Context) (r result, err error) {
	id, end, err := b.endpoint(ctx)
	if err != nil {
		return r, err
	}
	n, every := int(b.rate*b.lasting.Seconds()), time.Duration(float64(time.Second)/b.rate)
	if r.without, err = b.offer(ctx, n, every); err != nil {
		return r, err
	}
	r.before = b.server.resident()
	var ordered struct{ Events int }
	if err = b.owner(ctx, replay, map[string]any{"id": id}, &ordered); err != nil {
		return r, err
	}
	came, began := b.receiver.count(), time.Now()
	highest := b.watch()
	r.with, err = b.offer(ctx, n, every)
	r.during, r.after = highest(), b.server.resident()
	r.replayed, r.of, r.took = b.receiver.count()-came, ordered.Events, time.Since(began)
	if err != nil {
		return r, err
	}
	return r, end()
}

// watch looks at the server's memory until the returned function is called, which returns
// the most that was seen.
func (b *bench) watch() (highest func() float64) {
	most, done := 0.0, make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			most = max(most, b.server.resident())
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	})
	return func() float64 {
		close(done)
		watching.Wait()
		return most
	}
}
