package logcheck

// Order is what a receiver was promised of the order.
type Order string

// The orders. InLanes: a record comes when those before it in its lane were taken. InAll:
// the same for the log as a whole.
const (
	AnyOrder Order = "NONE"
	InLanes  Order = "PER_CONVERSATION"
	InAll    Order = "ALL"
)

// Want is whether a receiver gets a record.
type Want int

// The wants. Maybe is a record that the receiver could see at one of the moments at which
// it may have been judged, and not at another.
const (
	Always Want = iota
	Maybe
	Never
)

// Delivery is a record as it came to a receiver.
type Delivery struct {
	// ID is that of the event or message; empty if it was not shown.
	ID       string
	Sequence int64
	// Previous is the sequence of the record that was sent before, as the delivery says; 0
	// for none.
	Previous int64
	// State is what a change of ownership says; nil for none, or if it was not shown.
	State *State
	// Replay names the order to send again; empty for the first time.
	Replay string
	// Refused says that the receiver did not acknowledge it.
	Refused bool
}

// Receiver is who got the log, with what came, in the order of its arrival.
type Receiver struct {
	Name string
	// Wants says which records it gets; nil for all.
	Wants func(Record) Want
	// From is the sequence behind which it begins.
	From  int64
	Order Order
	// Once demands that nothing comes twice, and Chained that each delivery names the one
	// before it.
	Once, Chained bool
	Got           []Delivery
}

func (r Receiver) wants(one Record) Want {
	switch {
	case one.Sequence <= r.From:
		return Never
	case r.Wants == nil:
		return Always
	}
	return r.Wants(one)
}

// passes are the deliveries of the first time, and those of each replay.
func (r Receiver) passes() map[string][]int {
	out := map[string][]int{"": nil}
	for at, d := range r.Got {
		out[d.Replay] = append(out[d.Replay], at)
	}
	return out
}

// Ends is the last state of each conversation as the receiver knows it: it drops what it
// had already, by id, and keeps the highest version, or the last one if order was promised.
func (r Receiver) Ends(l Log) map[string]State {
	had, out := map[string]bool{}, map[string]State{}
	for _, d := range r.Got {
		one, there := l.at(d.Sequence)
		if d.Refused || d.State == nil || !there || d.ID != one.ID || had[d.ID] {
			continue
		}
		had[d.ID] = true
		if r.Order != AnyOrder || d.State.Version > out[one.Lane].Version {
			out[one.Lane] = *d.State
		}
	}
	return out
}

// at is the record with a sequence; false if there is none.
func (l Log) at(sequence int64) (Record, bool) {
	if sequence < 1 || sequence > int64(len(l)) {
		return Record{}, false
	}
	return l[sequence-1], true
}
