package logcheck

import (
	"fmt"
	"maps"
	"slices"
)

// Rule is the rule that a Fault breaks.
type Rule string

// The rules.
const (
	// Number: a number that no record has, or that another record has.
	Number Rule = "NUMBER"
	// Foreign: a record that the receiver may not see, or did not ask for.
	Foreign Rule = "FOREIGN"
	// Missing: a record never came, or was never acknowledged.
	Missing Rule = "MISSING"
	// Repeated: a record came again to a receiver that gets each once.
	Repeated Rule = "REPEATED"
	// Ordered: a record came before one that precedes it.
	Ordered Rule = "ORDER"
	// Chain: a delivery names another one before it than there was.
	Chain Rule = "PREVIOUS"
	// Content: a change says something else than the event.
	Content Rule = "CONTENT"
	// Final: the last state that the receiver knows of a conversation is not the last.
	Final Rule = "STATE"
)

// Fault is one thing that is wrong.
type Fault struct {
	Rule     Rule
	Receiver string
	Sequence int64
	Text     string
}

func (f Fault) String() string {
	return fmt.Sprintf("%s to %s, record %d: %s", f.Rule, f.Receiver, f.Sequence, f.Text)
}

// Check gives everything that is wrong with what a receiver got: first each delivery in
// the order of arrival, then what never came; none when all is well.
func (l Log) Check(r Receiver) []Fault {
	c := &checker{Receiver: r, log: l, before: map[int64]int64{}}
	last := int64(0)
	for _, one := range l {
		if r.wants(one) == Always {
			c.before[one.Sequence], last = last, one.Sequence
		}
	}
	passes := r.passes()
	for _, name := range slices.Sorted(maps.Keys(passes)) {
		c.pass(passes[name])
	}
	c.ends()
	return c.faults
}

// checker judges one receiver.
type checker struct {
	Receiver
	log Log
	// before has, of each record that must come, the one that came before it.
	before map[int64]int64
	faults []Fault
}

func (c *checker) fault(rule Rule, sequence int64, format string, args ...any) {
	c.faults = append(c.faults, Fault{Rule: rule, Receiver: c.Name, Sequence: sequence, Text: fmt.Sprintf(format, args...)})
}

// pass judges what came the first time, or in one replay.
func (c *checker) pass(got []int) {
	p := &pass{checker: c, taken: map[int64]bool{}, due: map[string][]int64{}}
	for _, one := range c.log {
		if c.Order == InLanes && c.wants(one) == Always {
			p.due[one.Lane] = append(p.due[one.Lane], one.Sequence)
		}
	}
	for _, at := range got {
		p.delivery(c.Got[at])
	}
	p.end()
}

// ends compares the last states that the receiver knows, of conversations whose changes
// all must come.
func (c *checker) ends() {
	whole, last := map[string]bool{}, map[string]Record{}
	for _, one := range c.log {
		if one.Kind == Ownership {
			_, met := last[one.Lane]
			whole[one.Lane] = (whole[one.Lane] || !met) && c.wants(one) == Always
			last[one.Lane] = one
		}
	}
	knows := c.Ends(c.log)
	for _, lane := range slices.Sorted(maps.Keys(last)) {
		if known, shown := knows[lane]; whole[lane] && shown && known != last[lane].State {
			c.fault(Final, last[lane].Sequence, "of %s it knows %+v, which is %+v", lane, known, last[lane].State)
		}
	}
}
