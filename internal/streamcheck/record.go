package streamcheck

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Item is one item that a subscriber received. Text identifies it, in the form of
// the Stream that it came from. A gap has no text: it means that items before the
// next one may be missing. Anew means that the subscriber began again after a gap
// without a cursor, at a server that may have received fewer events than the one
// before: earlier items may be repeated.
type Item struct {
	Text      string
	Gap, Anew bool
}

// Record holds the items that one subscriber received, and those that it should
// have received.
type Record struct {
	Subscriber string
	// Want is everything since the subscriber began that it may see, in order.
	Want []string
	Got  []Item
}

// Rule is the rule that a Fault breaks.
type Rule string

// The rules.
const (
	// Missing: an item was left out, or never came, and there was no gap.
	Missing Rule = "MISSING"
	// Repeated: an item was delivered again.
	Repeated Rule = "REPEATED"
	// Foreign: an item was delivered that never happened, or that the subscriber
	// may not see.
	Foreign Rule = "FOREIGN"
	// Older: an item came with an older state than the one that was due.
	Older Rule = "OLDER"
)

// Fault is the first thing that is wrong with a record.
type Fault struct {
	Rule       Rule
	Subscriber string
	// At is the index among the received items.
	At   int
	Text string
}

func (f Fault) String() string {
	return fmt.Sprintf("%s to %s, item %d: %s", f.Rule, f.Subscriber, f.At, f.Text)
}

// Check gives the first thing that is wrong; ok is true when nothing is. Behind
// a gap the record may go on at any later place, and from there on nothing may be
// missing again.
func (r Record) Check() (fault Fault, ok bool) {
	place := 0
	for _, run := range r.runs() {
		if run.anew {
			place = 0
		}
		if run.afterGap {
			place = r.resume(place, run)
		}
		for i, text := range run.told {
			if place == len(r.Want) || !answers(text, r.Want[place]) {
				return r.astray(place, run.begins+i, text), false
			}
			place++
		}
	}
	if place < len(r.Want) && !r.endsInGap() {
		return Fault{Missing, r.Subscriber, len(r.Got), fmt.Sprintf("the last %d were never delivered, of which the first is %q", len(r.Want)-place, r.Want[place])}, false
	}
	return Fault{}, true
}

// Gaps counts the received gaps.
func (r Record) Gaps() int {
	n := 0
	for _, item := range r.Got {
		if item.Gap {
			n++
		}
	}
	return n
}

func (r Record) endsInGap() bool { return len(r.Got) > 0 && r.Got[len(r.Got)-1].Gap }

// run is the sequence of items between two gaps.
type run struct {
	afterGap bool
	anew     bool
	last     bool
	begins   int // index of its first item
	told     []string
}

func (r Record) runs() []run {
	runs := []run{{}}
	for i, item := range r.Got {
		if item.Gap {
			runs = append(runs, run{afterGap: true, anew: item.Anew, begins: i + 1})
			continue
		}
		now := &runs[len(runs)-1]
		now.told = append(now.told, item.Text)
	}
	runs[len(runs)-1].last = true
	return runs
}

// resume finds the place where a run after a gap goes on: the first from which all
// of it was delivered, and up to the end if it is the last. If there is none it
// stays, and reports the run as astray there.
func (r Record) resume(place int, run run) int {
	if run.last {
		if end := len(r.Want) - len(run.told); end >= place && slices.EqualFunc(run.told, r.Want[end:], answers) {
			return end
		}
	}
	for from := place; from+len(run.told) <= len(r.Want); from++ {
		if slices.EqualFunc(run.told, r.Want[from:from+len(run.told)], answers) {
			return from
		}
	}
	if len(run.told) > 0 {
		if ahead := slices.IndexFunc(r.Want[place:], due(run.told[0])); ahead >= 0 {
			return place + ahead
		}
	}
	return place
}

// astray reports the fault of text, which was delivered when Want[place] was due.
func (r Record) astray(place, at int, text string) Fault {
	f := Fault{Subscriber: r.Subscriber, At: at}
	switch {
	case place < len(r.Want) && older(text, r.Want[place]):
		f.Rule, f.Text = Older, fmt.Sprintf("%q came, and %q was due", text, r.Want[place])
	case slices.ContainsFunc(r.Want[place:], due(text)):
		f.Rule, f.Text = Missing, fmt.Sprintf("%q came, and %q was due", text, r.Want[place])
	case slices.ContainsFunc(r.Want[:place], due(text)):
		f.Rule, f.Text = Repeated, fmt.Sprintf("%q came again", text)
	default:
		f.Rule, f.Text = Foreign, fmt.Sprintf("%q is not for this subscriber", text)
	}
	return f
}

// atRevision separates a text from the revision of its conversation.
const atRevision = " @"

// answers reports whether text is the wanted one, in the wanted revision or in a
// newer one.
func answers(text, want string) bool {
	said, shown := revisionOf(text)
	due, atLeast := revisionOf(want)
	return said == due && shown >= atLeast
}

// older reports whether text is the wanted one in an older revision.
func older(text, want string) bool {
	said, _ := revisionOf(text)
	due, _ := revisionOf(want)
	return said == due && !answers(text, want)
}

func due(text string) func(want string) bool {
	return func(want string) bool { return answers(text, want) }
}

func revisionOf(text string) (rest string, revision int) {
	rest, at, found := strings.Cut(text, atRevision)
	if !found {
		return text, 0
	}
	revision, err := strconv.Atoi(at)
	if err != nil {
		return text, 0
	}
	return rest, revision
}
