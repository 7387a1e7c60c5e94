package model

import "container/heap"

// clock runs what is to happen, in the order of time and then of planning. Times are
// whole nanoseconds, so that every machine gives the same result.
type clock struct {
	now     int64
	planned plan
	number  int64
}

// happening is something that is planned.
type happening struct {
	at, number int64
	do         func()
}

type plan []happening

func (p plan) Len() int { return len(p) }
func (p plan) Less(i, j int) bool {
	return p[i].at < p[j].at || p[i].at == p[j].at && p[i].number < p[j].number
}
func (p plan) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *plan) Push(x any)   { *p = append(*p, x.(happening)) } //nolint:errcheck // only this file pushes
func (p *plan) Pop() any {
	last := len(*p) - 1
	out := (*p)[last]
	*p = (*p)[:last]
	return out
}

// after plans do.
func (c *clock) after(nanos int64, do func()) {
	c.number++
	heap.Push(&c.planned, happening{c.now + max(0, nanos), c.number, do})
}

// run runs until nothing is planned.
func (c *clock) run() {
	for len(c.planned) > 0 {
		next, _ := heap.Pop(&c.planned).(happening)
		c.now = next.at
		next.do()
	}
}

// station serves jobs in the order of their arrival, one at each of its places.
type station struct {
	clock *clock
	free  []int64 // when each place is free
}

func newStation(c *clock, places int) *station {
	return &station{clock: c, free: make([]int64, max(1, places))}
}

// serve does then when the job is done.
func (s *station) serve(nanos int64, then func()) {
	first := 0
	for i, at := range s.free {
		if at < s.free[first] {
			first = i
		}
	}
	s.free[first] = max(s.clock.now, s.free[first]) + nanos
	s.clock.after(s.free[first]-s.clock.now, then)
}
