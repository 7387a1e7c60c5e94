package main

import (
	"fmt"
	"os"
	"switchboard/internal/bench/report"
)

// bench is one run of everything.
type bench struct {
	rounds, events int
	only           string
	lines          []line
	left           []string // parts that were not run
}

func (b *bench) add(value float64, unit, wanted, format string, args ...any) {
	b.lines = append(b.lines, line{Name: fmt.Sprintf(format, args...), Value: value, Unit: unit, Wanted: wanted})
}

func (b *bench) run() error {
	for _, part := range []struct {
		name string
		run  func() error
	}{{"fanout", b.fanout}, {"selections", b.selections}, {"stalled", b.stalled}, {"idle", b.idle}} {
		if b.only != "" && b.only != part.name {
			b.left = append(b.left, part.name)
			continue
		}
		if err := part.run(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// inTurn measures each plan once a round, and gives the figures by plan.
func (b *bench) inTurn(plans ...plan) ([][]figures, error) {
	out := make([][]figures, len(plans))
	for range b.rounds {
		for i, p := range plans {
			p.events = b.events
			fmt.Fprintf(os.Stderr, "%s to %d in %d selections, %d stalled\n", p.mode, p.listeners, max(1, p.selections), p.stalled)
			f, err := p.measure()
			if err != nil {
				return nil, fmt.Errorf("%s to %d: %w", p.mode, p.listeners, err)
			}
			out[i] = append(out[i], f)
		}
	}
	return out, nil
}

// ratio is the median over the rounds of one variant's value divided by another's.
func ratio(one, other []figures, of func(figures) float64) float64 {
	ratios := make([]float64, len(one))
	for i := range one {
		ratios[i] = of(one[i]) / of(other[i])
	}
	return report.Median(ratios)
}

func middle(all []figures, of func(figures) float64) float64 {
	values := make([]float64, len(all))
	for i := range all {
		values[i] = of(all[i])
	}
	return report.Median(values)
}

func (b *bench) fanout() error {
	for _, n := range []int{100, 1000, 5000} {
		got, err := b.inTurn(plan{mode: "raw", listeners: n}, plan{mode: "shared", listeners: n}, plan{mode: "stock", listeners: n})
		if err != nil {
			return err
		}
		raw, shared, stock := got[0], got[1], got[2]
		b.add(middle(raw, cpu), "µs", "", "CPU a delivery to %d, raw", n)
		b.add(middle(shared, cpu), "µs", "", "CPU a delivery to %d, shared", n)
		b.add(middle(stock, cpu), "µs", "", "CPU a delivery to %d, stock", n)
		b.add(ratio(shared, raw, cpu), "x", "at most 1.2", "CPU a delivery to %d, shared over raw", n)
		b.add(ratio(stock, shared, cpu), "x", "at least 10", "CPU a delivery to %d, stock over shared", n)
		b.add(middle(raw, p99), "ms", "", "p99 to %d, raw", n)
		b.add(middle(shared, p99), "ms", "", "p99 to %d, shared", n)
		b.add(middle(stock, p99), "ms", "", "p99 to %d, stock", n)
		b.add(ratio(shared, raw, p99), "x", "", "p99 to %d, shared over raw", n)
		b.add(middle(shared, memory), "KB", "at most 8 at 5000", "memory a subscriber at %d, shared", n)
		b.add(middle(stock, memory), "KB", "", "memory a subscriber at %d, stock", n)
	}
	return nil
}

func (b *bench) selections() error {
	wanted := map[int]string{100: "at most 2"}
	for _, d := range []int{1, 10, 100, 1000} {
		got, err := b.inTurn(plan{mode: "raw", listeners: 1000}, plan{mode: "shared", listeners: 1000, selections: d})
		if err != nil {
			return err
		}
		b.add(ratio(got[1], got[0], cpu), "x", wanted[d], "CPU a delivery to 1000 in %d selections, shared over raw", d)
	}
	return nil
}

func (b *bench) stalled() error {
	b.events *= 100 // so many that the buffers of a stalled reader fill up
	defer func() { b.events /= 100 }()
	got, err := b.inTurn(plan{mode: "shared", listeners: 200, small: true}, plan{mode: "shared", listeners: 200, stalled: 2, small: true})
	if err != nil {
		return err
	}
	b.add(ratio(got[1], got[0], p99), "x", "at most 1.2", "p99 of the rest when 1%% of 200 read nothing")
	b.add(middle(got[1], func(f figures) float64 { return float64(f.slow) }), "of 2", "", "stalled readers that were closed meanwhile")
	return nil
}

func (b *bench) idle() error {
	rounds := b.rounds
	b.rounds = min(rounds, 3)
	defer func() { b.rounds = rounds }()
	got, err := b.inTurn(plan{mode: "shared", listeners: 10_000, idle: true})
	if err != nil {
		return err
	}
	b.add(middle(got[0], memory), "KB", "", "memory a socket, 10000 idle")
	return nil
}

func cpu(f figures) float64    { return f.cpu }
func p99(f figures) float64    { return f.p99 }
func memory(f figures) float64 { return f.memory }
