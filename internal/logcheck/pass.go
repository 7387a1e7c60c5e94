package logcheck

import "slices"

// pass is what came the first time, or in one replay, so far.
type pass struct {
	*checker
	taken map[int64]bool
	// due has, by lane, what must come and was not taken, in order.
	due map[string][]int64
	// early are deliveries before one that was due.
	early []early
	last  int64 // the highest that came
}

type early struct{ sequence, due int64 }

func (p *pass) delivery(d Delivery) {
	one, there := p.log.at(d.Sequence)
	switch want := p.wants(one); {
	case !there:
		p.fault(Number, d.Sequence, "the log ends with %d", len(p.log))
		return
	case d.ID != "" && d.ID != one.ID:
		p.fault(Number, d.Sequence, "it came as %q, and is %q", d.ID, one.ID)
		return
	case want == Never:
		p.fault(Foreign, d.Sequence, "%s %q is not for this receiver", one.Kind, one.ID)
		return
	}
	if d.State != nil && *d.State != one.State {
		p.fault(Content, d.Sequence, "it says %+v, and is %+v", *d.State, one.State)
	}
	if before := p.before[d.Sequence]; p.Chained && d.Previous != before {
		p.fault(Chain, d.Sequence, "it names %d as the one before, which was %d", d.Previous, before)
	}
	p.order(d, one)
}

// order judges when a record came, and notes that it is taken.
func (p *pass) order(d Delivery, one Record) {
	due := p.due[one.Lane]
	switch {
	case p.Once && p.taken[d.Sequence]:
		p.fault(Repeated, d.Sequence, "%q came again", one.ID)
	case p.Order == InAll && d.Sequence < p.last && !p.taken[d.Sequence]:
		p.fault(Ordered, d.Sequence, "it came behind %d", p.last)
	case p.Order == InLanes && len(due) > 0 && due[0] < d.Sequence:
		p.early = append(p.early, early{d.Sequence, due[0]})
	}
	p.last = max(p.last, d.Sequence)
	if d.Refused || p.taken[d.Sequence] {
		return
	}
	p.taken[d.Sequence] = true
	if at := slices.Index(due, d.Sequence); at >= 0 {
		p.due[one.Lane] = slices.Delete(due, at, at+1)
	}
}

// end reports what came too early, and what never came.
func (p *pass) end() {
	for _, e := range p.early {
		if p.taken[e.due] { // else it is missing
			p.fault(Ordered, e.sequence, "it came before %d was taken", e.due)
		}
	}
	for _, one := range p.log {
		if p.wants(one) == Always && !p.taken[one.Sequence] {
			p.fault(Missing, one.Sequence, "%s %q of %s was never taken", one.Kind, one.ID, one.Lane)
		}
	}
}
