// Command webhooks measures the way from a commit to an endpoint: how long it takes to
// the first byte while nothing else happens, and how much longer beside a replay of the
// whole log, with the memory of the server before and meanwhile. The server is the program
// in a process of its own, on the embedded engine, and the endpoint is on the loopback. Run
// it with `make bench-webhooks`.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// plan is what to measure.
type plan struct {
	records, rounds, events int
	every                   time.Duration
	rate                    float64
	lasting                 time.Duration
}

func parse() (p plan) {
	flag.IntVar(&p.records, "records", 100_000, "records of the log that is replayed from its first one; 0 for no replay")
	flag.IntVar(&p.events, "events", 200, "events that are measured one by one while nothing else happens")
	flag.DurationVar(&p.every, "every", 200*time.Millisecond, "pause from one of these events to the next")
	flag.Float64Var(&p.rate, "rate", 30, "events a second beside the replay, and before it")
	flag.DurationVar(&p.lasting, "lasting", 30*time.Second, "how long these are measured, without a replay and with one")
	flag.IntVar(&p.rounds, "rounds", 3, "how often both are measured in turn; the median of the ratios is printed")
	flag.Parse()
	return p
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := parse().run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "webhooks:", err)
		os.Exit(1)
	}
}

// run makes a log, starts the program on it, and prints what it measures.
func (p plan) run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "switchboard-webhooks-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	program, err := build(ctx, folder)
	if err != nil {
		return err
	}
	d, err := fill(ctx, folder, p.records)
	if err != nil {
		return err
	}
	s, err := serve(ctx, program, folder)
	if err != nil {
		return err
	}
	defer s.close()
	r := newReceiver()
	defer r.close()
	b := &bench{plan: p, server: s, desk: d, receiver: r}
	if err := b.all(ctx); err != nil {
		return fmt.Errorf("%w\n%s", err, s.log)
	}
	fmt.Println("not run: over the wire, and with an endpoint that is not on this machine")
	return nil
}
