package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// delivery is one event on its way.
type delivery struct {
	id                   string
	asked, answered, got time.Time
}

// times are how long events took, sorted, in ms. The commit is between the request and its
// answer, so that what is asked for is between the two.
type times struct{ sinceRequest, sinceAnswer []float64 }

const takeOver = `mutation($id: ID!) {
	payload: takeOverConversation(input: {conversationId: $id}) { event { id } userErrors { message } } }`

// takeOver makes one event: each conversation is taken over by the one and the other.
func (b *bench) takeOver(ctx context.Context, turn int) (d delivery, err error) {
	by := takers()[1-turn/conversations%2]
	var done struct{ Event struct{ ID string } }
	d.asked = time.Now()
	which := map[string]any{"id": b.desk.conversations[turn%conversations]}
	err = b.server.ask(ctx, b.desk.tokens[by], takeOver, which, &done)
	d.answered, d.id = time.Now(), done.Event.ID
	return d, err
}

// offer makes so many events, one each so often whether those before are answered or not,
// and waits until all of them came.
func (b *bench) offer(ctx context.Context, n int, every time.Duration) (times, error) {
	all := make([]delivery, n)
	errs := make([]error, n)
	var running sync.WaitGroup
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := range n {
		turn := b.desk.turns
		b.desk.turns++
		running.Go(func() { all[i], errs[i] = b.takeOver(ctx, turn) })
		select {
		case <-tick.C:
		case <-ctx.Done():
			return times{}, ctx.Err()
		}
	}
	running.Wait()
	for i := range all {
		if errs[i] != nil {
			return times{}, fmt.Errorf("event %d of %d: %w", i, n, errs[i])
		}
		if err := b.await(ctx, &all[i]); err != nil {
			return times{}, err
		}
	}
	return timesOf(all), nil
}

// await waits until an event came, for two minutes at most.
func (b *bench) await(ctx context.Context, d *delivery) error {
	for range 2400 {
		if at, ok := b.receiver.at(d.id); ok {
			d.got = at
			return nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("event %s never came", d.id)
}

func timesOf(all []delivery) (out times) {
	for _, d := range all {
		out.sinceRequest = append(out.sinceRequest, ms(d.got.Sub(d.asked)))
		out.sinceAnswer = append(out.sinceAnswer, ms(d.got.Sub(d.answered)))
	}
	slices.Sort(out.sinceRequest)
	slices.Sort(out.sinceAnswer)
	return out
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// share is the value below which so many of a hundred are.
func share(sorted []float64, percent int) float64 {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

// String names the shares that are promised.
func (t times) String() string {
	return fmt.Sprintf("p50 %.1f ms, p99 %.1f ms since the request; p50 %.1f ms, p99 %.1f ms since its answer",
		share(t.sinceRequest, 50), share(t.sinceRequest, 99), share(t.sinceAnswer, 50), share(t.sinceAnswer, 99))
}
