// Command desk measures what people with a board open cost a server: the processor
// time of one verb, the memory of each person after a collection, and what the server
// does while nobody does anything. The server is a process of its own, the program
// with one more file that serves its figures. Its database is the wire server of the
// tests, with a counter of commands in between, or the embedded engine if that is not
// at hand. Everything is measured in turn, several times. Run it with `make bench-desk`.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// plan is what to measure.
type plan struct {
	rounds, workspaces int
	people             []int
	boards             []string
	rate               float64
	lasting, idle      time.Duration
	rest               time.Duration
	programs           []string
	embedded           bool
	profiles           string
}

func parse() (p plan, err error) {
	var people, boards, programs string
	flag.IntVar(&p.rounds, "rounds", 5, "how often everything is measured, in turn; the median is printed")
	flag.IntVar(&p.workspaces, "workspaces", 1, "workspaces that the people are in, as many in each")
	flag.StringVar(&people, "people", "20,200", "people with a board open; one number or several")
	flag.StringVar(&boards, "boards", "", "only these boards, by name; all if empty")
	flag.Float64Var(&p.rate, "rate", 20, "takeovers a second that are offered")
	flag.DurationVar(&p.lasting, "lasting", 5*time.Second, "how long takeovers are offered, each time")
	flag.DurationVar(&p.idle, "idle", 10*time.Second, "how long the idle server is watched, each time")
	flag.DurationVar(&p.rest, "rest", 70*time.Second, "how long a server rests after its start")
	flag.StringVar(&programs, "programs", "", "programs to compare, built with the file of figures; this one is built if empty")
	flag.BoolVar(&p.embedded, "embedded", false, "measure the embedded engine also where the wire server is at hand")
	flag.StringVar(&p.profiles, "profiles", "", "folder for profiles of the heap and the processor")
	flag.Parse()
	p.programs = split(programs)
	for _, text := range split(people) {
		var n int
		if _, err := fmt.Sscan(text, &n); err != nil || n < 2*p.workspaces {
			return p, fmt.Errorf("-people: %q is not a number of at least two for each workspace", text)
		}
		p.people = append(p.people, n)
	}
	p.boards = split(boards)
	return p, nil
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

func main() {
	p, err := parse()
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err = p.run(ctx)
		stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "desk:", err)
		os.Exit(1)
	}
}
