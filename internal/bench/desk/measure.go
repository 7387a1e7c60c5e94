package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// figures are those of one board in one round.
type figures struct {
	cpu        float64 // ms a verb
	heap       float64 // KB a person, after a collection
	stacks     float64 // KB a person
	goroutines float64 // a person
	resident   float64 // MB of the whole process
	idle       float64 // % of a core
	commands   float64 // of the database a second, while idle
	items      float64 // received by a person for a verb
	names      rates   // of the commands
}

// run measures everything in turn and prints the table.
func (p plan) run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "switchboard-desk-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if len(p.programs) == 0 {
		program, err := build(ctx, folder)
		if err != nil {
			return err
		}
		p.programs = []string{program}
	}
	binary, why := "", "-embedded was given"
	if !p.embedded {
		binary, why = wireServer(ctx)
	}
	all := newTable(p, binary != "")
	err = p.all(ctx, folder, binary, all)
	all.print() // also what was measured before it failed
	if binary == "" {
		fmt.Println("not run: over the wire, and commands of the database a second:", why)
	}
	return err
}

func (p plan) all(ctx context.Context, folder, binary string, into *table) error {
	for _, n := range p.people {
		if err := p.measure(ctx, filepath.Join(folder, fmt.Sprint(n)), binary, n, into); err != nil {
			return fmt.Errorf("%d people: %w", n, err)
		}
	}
	return nil
}

// measure measures all boards of so many people, on a server of each program in turn.
func (p plan) measure(ctx context.Context, folder, binary string, people int, into *table) error {
	var all []*measurement
	defer func() {
		for _, m := range all {
			m.close()
		}
	}()
	for i, program := range p.programs {
		m, err := p.open(ctx, filepath.Join(folder, fmt.Sprint(i)), binary, program, people)
		if err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
		all = append(all, m)
	}
	for round := range p.rounds {
		for _, m := range all {
			if err := m.round(ctx, round, people, into); err != nil {
				return fmt.Errorf("%s: %w\n%s", m.program, err, m.server.log)
			}
		}
	}
	return nil
}

// measurement is one server with its people.
type measurement struct {
	plan
	server   *server
	database *database
	desk     *desk
	program  string
	turn     int
}

// open starts a server on a database with the workspaces.
func (p plan) open(ctx context.Context, folder, binary, program string, people int) (m *measurement, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	m = &measurement{plan: p, program: program}
	if m.database, err = openDatabase(ctx, folder, binary); err != nil {
		return nil, err
	}
	if err := m.start(ctx, people); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func (m *measurement) start(ctx context.Context, people int) error {
	store, err := m.database.filler(ctx, "desk")
	if err != nil {
		return err
	}
	if m.desk, err = fill(ctx, store, m.workspaces, people); err != nil {
		return err
	}
	if err := store.Close(ctx); err != nil {
		return err
	}
	if m.server, err = serve(ctx, m.program, m.database.flags("desk")); err != nil {
		return err
	}
	if _, err = m.desk.offer(ctx, m.server.addr, &m.turn, m.rate, m.lasting); err != nil { // warms up
		return fmt.Errorf("%w\n%s", err, m.server.log)
	}
	return nil
}

func (m *measurement) close() {
	if m.server != nil {
		m.server.close()
	}
	m.database.close()
}

func (m *measurement) round(ctx context.Context, round, people int, into *table) error {
	several, _ := chosen(m.boards)
	if round == 0 { // duties are done at their usual pace for a minute after a start
		if err := pause(ctx, m.rest); err != nil {
			return err
		}
	}
	alone, err := m.nobody(ctx)
	if err != nil {
		return err
	}
	into.add(m.program, people, "nobody", alone)
	for _, b := range several {
		fmt.Fprintf(os.Stderr, "round %d: %s, %d people, %s\n", round+1, filepath.Base(m.program), people, b.name)
		f, err := m.board(ctx, b, round)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		into.add(m.program, people, b.name, f)
	}
	return nil
}

// nobody is the server without any board.
func (m *measurement) nobody(ctx context.Context) (f figures, err error) {
	if err := pause(ctx, 2*time.Second); err != nil {
		return f, err
	}
	if f.cpu, err = m.verb(ctx, &f, nil); err != nil {
		return f, err
	}
	if err := pause(ctx, 2*time.Second); err != nil {
		return f, err
	}
	return f, m.quiet(ctx, &f)
}

// board is the server with people who have it open.
func (m *measurement) board(ctx context.Context, b board, round int) (f figures, err error) {
	before, err := m.server.memory(ctx)
	if err != nil {
		return f, err
	}
	p, err := sit(ctx, m.server.addr, m.desk.tokens, b)
	if err != nil {
		return f, err
	}
	defer p.stand()
	if err := p.settle(ctx); err != nil {
		return f, err
	}
	if f.cpu, err = m.verb(ctx, &f, p); err != nil {
		return f, err
	}
	if err := p.settle(ctx); err != nil {
		return f, err
	}
	after, err := m.server.memory(ctx)
	if err != nil {
		return f, err
	}
	n := float64(len(m.desk.tokens))
	f.heap, f.stacks = (after.Heap-before.Heap)/1024/n, (after.Stacks-before.Stacks)/1024/n
	f.goroutines = (after.Goroutines - before.Goroutines) / n
	f.resident = after.resident / 1e6
	if err := m.quiet(ctx, &f); err != nil {
		return f, err
	}
	return f, m.save(ctx, b, round)
}

// verb is the CPU of a takeover.
func (m *measurement) verb(ctx context.Context, f *figures, p *people) (ms float64, err error) {
	before, err := m.server.cpu(ctx)
	if err != nil {
		return 0, err
	}
	received := int64(0)
	if p != nil {
		received = p.received.Load()
	}
	done, err := m.desk.offer(ctx, m.server.addr, &m.turn, m.rate, m.lasting)
	if err != nil {
		return 0, err
	}
	if err := pause(ctx, 300*time.Millisecond); err != nil { // the last ones arrive
		return 0, err
	}
	after, err := m.server.cpu(ctx)
	if p != nil {
		f.items = float64(p.received.Load()-received) / float64(done) / float64(m.desk.each)
	}
	return (after - before) / float64(done), err
}

// quiet is what the server does while nobody does anything.
func (m *measurement) quiet(ctx context.Context, f *figures) error {
	before, err := m.server.cpu(ctx)
	if err != nil {
		return err
	}
	sent, began := m.database.commands(), time.Now()
	names := m.database.byName()
	if err := pause(ctx, m.plan.idle); err != nil {
		return err
	}
	after, err := m.server.cpu(ctx)
	lasted := time.Since(began).Seconds()
	f.names = m.database.byName().less(names).over(lasted)
	f.idle, f.commands = (after-before)/10/lasted, float64(m.database.commands()-sent)/lasted
	return err
}

// save keeps profiles of the first round, with the board open.
func (m *measurement) save(ctx context.Context, b board, round int) error {
	if m.profiles == "" || round > 0 {
		return nil
	}
	name := filepath.Join(m.profiles, fmt.Sprint(filepath.Base(m.program), "-", len(m.desk.tokens), "-", b.name))
	for _, of := range []string{"heap?gc=1", "goroutine?debug=1"} {
		if err := m.server.profile(ctx, of, name+"."+of[:strings.IndexByte(of, '?')]); err != nil {
			return err
		}
	}
	go func() { _, _ = m.desk.offer(ctx, m.server.addr, &m.turn, m.rate, 5*time.Second) }()
	return m.server.profile(ctx, "profile?seconds=5", name+".cpu")
}
