package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"switchboard/internal/hostile"
)

// members of the demo who sit at the desk.
func members() []string {
	return []string{"owner@demo.test", "manager@demo.test", "agent1@demo.test", "agent2@demo.test", "observer@demo.test"}
}

func (p plan) measure() ([]round, error) {
	program, folder, err := build()
	defer func() { _ = os.RemoveAll(folder) }()
	if err != nil {
		return nil, err
	}
	var all []round
	for i := range p.pairs {
		r, err := p.pair(program, i)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
		fmt.Fprintf(os.Stderr, "pair %d: %.2f\n", i+1, r.Ratio)
	}
	return all, nil
}

// pair measures with and without the visitors, with them first every other time. Each run
// has a server and a database of its own: what the first run stored would slow the second
// down where the database reads past it.
func (p plan) pair(program string, n int) (r round, err error) {
	hostileFirst := n%2 == 1
	for _, with := range []bool{hostileFirst, !hostileFirst} {
		if err := p.run(program, with, &r); err != nil {
			return r, err
		}
	}
	r.Ratio = r.With.P99 / r.Without.P99
	return r, nil
}

// run measures one half of a pair on a server that is warm.
func (p plan) run(program string, with bool, r *round) error {
	arguments, err := p.database()
	if err != nil {
		return err
	}
	s, err := serve(program, append(arguments, "--metrics-addr", "127.0.0.1:0")...)
	if err != nil {
		return err
	}
	defer s.end()
	if _, err := p.honest(s, p.lasting/4); err != nil {
		return err
	}
	if with {
		return p.besieged(s, r)
	}
	r.Without, err = p.honest(s, p.lasting)
	return err
}

// database is where a server stores, in the words of its command line.
func (p plan) database() ([]string, error) {
	if p.uri == "" {
		return []string{"--memory"}, nil
	}
	uri, err := url.Parse(p.uri)
	if err != nil {
		return nil, err
	}
	uri.Path = fmt.Sprintf("/hostile-%d", time.Now().UnixNano())
	return []string{"--mongodb-uri", uri.String()}, nil
}

// besieged measures beside the visitors.
func (p plan) besieged(s *server, r *round) error {
	attack, err := p.start("hostile", s, p.lasting)
	if err != nil {
		return err
	}
	console := &hostile.Console{Addr: s.console}
	watching, stop := context.WithCancel(context.Background())
	var watch sync.WaitGroup
	watch.Go(func() { console.Watch(watching, 200*time.Millisecond) })
	r.With, err = p.honest(s, p.lasting)
	stop()
	watch.Wait()
	if counts := attack.end(&r.Hostile); err == nil {
		err = counts
	}
	r.Megabytes = console.Most("process_resident_memory_bytes") / 1e6
	r.Asked, r.Answered = console.Answered()
	return err
}

// honest runs honest people in a process of their own.
func (p plan) honest(s *server, lasting time.Duration) (r result, err error) {
	c, err := p.start("honest", s, lasting)
	if err != nil {
		return r, err
	}
	return r, c.end(&r)
}

// running is a child.
type running struct {
	cmd *exec.Cmd
	in  io.Closer
	out io.Reader
}

// order is a command to a child.
type order struct {
	Addr           string
	Desk           []string
	Starter        hostile.Starter
	Number         int
	Lasting, Think time.Duration
}

func (p plan) start(kind string, s *server, lasting time.Duration) (*running, error) {
	o := order{Addr: s.addr, Starter: hostile.Starter{Key: s.tokens["demo website"], Agent: s.tokens["demo ai@demo.test"]}, Number: p.people, Lasting: lasting, Think: 2 * time.Second}
	for _, name := range members() {
		o.Desk = append(o.Desk, s.tokens["demo "+name])
	}
	if kind == "hostile" {
		o.Number = p.visitors
	}
	told, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	place := first
	if kind == "hostile" {
		place = last
	}
	c := &running{cmd: pinned(1, place, os.Args[0], "child", kind, string(told))}
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if c.out, err = c.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	return c, c.cmd.Start()
}

// end lets a child end, and reads its report.
func (c *running) end(into any) error {
	if _, isResult := into.(*result); !isResult {
		_ = c.in.Close() // it goes on until then
	}
	err := json.NewDecoder(c.out).Decode(into)
	_ = c.in.Close()
	if ended := c.cmd.Wait(); err == nil {
		err = ended
	}
	return err
}

// child is one crowd.
func child(kind string, args []string) {
	var o order
	check(json.NewDecoder(strings.NewReader(args[0])).Decode(&o))
	api := hostile.NewAPI(o.Addr)
	if kind == "hostile" {
		check(attack(api, o))
		return
	}
	h := &hostile.Honest{API: api, People: o.Number, Desk: o.Desk, Starter: o.Starter, Think: o.Think}
	ctx, cancel := context.WithTimeout(context.Background(), o.Lasting)
	defer cancel()
	check(h.Run(ctx))
	r := result{Failures: h.Failures(), P99Of: map[string]float64{}}
	var all []time.Duration
	for what, times := range h.Times() {
		_, r.P99Of[what] = percentiles(times)
		all = append(all, times...)
	}
	r.Requests = len(all)
	r.P50, r.P99 = percentiles(all)
	check(json.NewEncoder(os.Stdout).Encode(r))
}

// percentiles are the 50th and the 99th of times, in ms.
func percentiles(times []time.Duration) (p50, p99 float64) {
	if len(times) == 0 {
		return 0, 0
	}
	slices.Sort(times)
	return milliseconds(times[len(times)/2]), milliseconds(times[(len(times)*99-1)/100])
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func attack(api *hostile.API, o order) error {
	v := &hostile.Visitors{API: api, Number: o.Number, Starter: o.Starter, Closer: o.Desk[0]}
	runs, err := v.Ready(context.Background())
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, run := range runs {
		all.Go(func() { run(ctx) })
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	stop()
	all.Wait()
	return json.NewEncoder(os.Stdout).Encode(v.Counts.All())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}
