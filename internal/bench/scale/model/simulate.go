package model

import (
	"math"
	"math/rand/v2"
)

const (
	// simulated is how many verbs are simulated, warmUp how many before those that count.
	simulated = 4_000
	warmUp    = 400
	// share is how many items are sent without a pause, since the processor is divided
	// between many goroutines.
	share = 50
)

// latencies are of verbs and of their delivery to each screen, in ns.
type latencies struct{ verb, delivery spread }

// simulation is one run.
type simulation struct {
	load
	clock  clock
	random *rand.Rand
	cores  []*station // of each server
	feeds  []*station
	shards []*station
	writer *station
	seen   latencies
}

// simulate runs verbs through the queues of the scenario.
func simulate(l load, seed uint64) latencies {
	s := &simulation{load: l, random: rand.New(rand.NewPCG(seed, 1))}
	s.writer = newStation(&s.clock, 1)
	for range l.s.Servers {
		s.cores = append(s.cores, newStation(&s.clock, int(l.f.of("server_cores"))))
		s.feeds = append(s.feeds, newStation(&s.clock, 1))
	}
	for range l.s.Shards {
		s.shards = append(s.shards, newStation(&s.clock, int(l.f.of("database_cores"))))
	}
	at := 0.0
	for n := range warmUp + simulated {
		at += s.random.ExpFloat64() / l.s.Verbs * 1e9
		s.clock.after(int64(at), func() { s.begin(n >= warmUp) })
	}
	s.clock.run()
	return s.seen
}

// some is a time of this mean, in µs, that varies by a half up and down; in ns.
func (s *simulation) some(mean float64) int64 {
	return int64(mean * 1000 * (0.5 + s.random.Float64()))
}

// begin is a verb at one of the servers.
func (s *simulation) begin(counts bool) {
	began, server := s.clock.now, s.random.IntN(len(s.cores))
	s.cores[server].serve(s.some(s.verb()/2), func() {
		s.commit(func() {
			s.committed(began, counts)
			s.cores[server].serve(s.some(s.verb()/2), func() {
				if counts {
					s.seen.verb.add(s.clock.now-began, 1)
				}
			})
		})
	})
}

// commit does then when the verb is committed.
func (s *simulation) commit(then func()) {
	if s.load.s.Shards == 0 {
		s.writer.serve(s.some(s.f.of("embedded_commit")), then)
		return
	}
	shard := s.shards[s.random.IntN(len(s.shards))]
	trips := int(s.f.of("verb_trips"))
	s.trip(shard, trips, trips, func() { s.clock.after(s.some(s.f.of("majority")), then) })
}

// trip is one command to the shard's primary after another.
func (s *simulation) trip(shard *station, left, of int, then func()) {
	if left == 0 {
		then()
		return
	}
	s.clock.after(s.some(s.f.of("round_trip")), func() {
		shard.serve(s.some(s.f.of("database_verb")/float64(of)), func() { s.trip(shard, left-1, of, then) })
	})
}

// committed brings the event to the servers. Their streams are read beside each other.
func (s *simulation) committed(began int64, counts bool) {
	on := s.listeners()
	way := 0.0
	if n := len(s.shards); n > 0 {
		work := s.f.of("database_event") * s.servers * s.got
		s.shards[s.random.IntN(n)].serve(s.some(work), func() {})
		way = s.f.of("round_trip") / 2
		if n > 1 {
			way += s.f.of("router")
		}
	}
	for server := range s.cores {
		screens := on[server]
		if screens == 0 && s.got < 1 {
			continue
		}
		s.clock.after(s.some(way), func() { s.receive(server, screens, began, counts) })
	}
}

// even is from how many screens a server on they are divided evenly: chance changes little.
const even = 100

// listeners are the screens of each server that the event reaches.
func (s *simulation) listeners() map[int]int {
	on, over := map[int]int{}, s.load.s.spread(s.f)
	first := s.random.IntN(len(s.cores))
	left := s.load.s.Reach
	if each := left / over; each >= even {
		for n := range over {
			on[(first+n)%len(s.cores)] = each
		}
		left -= each * over
	}
	for range left {
		on[(first+s.random.IntN(over))%len(s.cores)]++
	}
	return on
}

// receive is an event at a server, which hands it to so many screens.
func (s *simulation) receive(server, screens int, began int64, counts bool) {
	each := s.f.of("own_event")
	if screens == 0 {
		each = s.f.of("foreign_event")
	}
	s.feeds[server].serve(s.some(each), func() {
		for left := screens; left > 0; left -= share {
			n := min(share, left)
			s.cores[server].serve(int64(math.Round(s.f.of("item_cpu")*1000))*int64(n), func() {
				if counts {
					s.seen.delivery.add(s.clock.now-began, n)
				}
			})
		}
	})
}
