package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
		r, err := p.pair(program, i%2 == 1)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
		fmt.Fprintf(os.Stderr, "pair %d: %.2f\n", i+1, r.Ratio)
	}
	return all, nil
}

// pair measures both on one server, with the visitors first every other time.
func (p plan) pair(program string, hostileFirst bool) (r round, err error) {
	arguments := []string{"--metrics-addr", "127.0.0.1:0", "--memory"}
	if p.uri != "" {
		arguments = []string{"--metrics-addr", "127.0.0.1:0", "--mongodb-uri", p.uri}
	}
	s, err := serve(program, arguments...)
	if err != nil {
		return r, err
	}
	defer s.end()
	if _, err := p.honest(s, p.lasting/4); err != nil { // to warm up
		return r, err
	}
	for _, with := range []bool{hostileFirst, !hostileFirst} {
		if with {
			err = p.besieged(s, &r)
		} else {
			r.Without, err = p.honest(s, p.lasting)
		}
		if err != nil {
			return r, err
		}
	}
	r.Ratio = r.With.P99 / r.Without.P99
	return r, nil
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
	times := h.Times()
	slices.Sort(times)
	r := result{Requests: len(times), Failures: h.Failures()}
	if len(times) > 0 {
		r.P50, r.P99 = milliseconds(times[len(times)/2]), milliseconds(times[(len(times)*99-1)/100])
	}
	check(json.NewEncoder(os.Stdout).Encode(r))
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
