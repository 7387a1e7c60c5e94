package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// bulkPlan has a step for each item of a call, in their order.
type bulkPlan []bulkStep

// plan decides every item as a dry run does, in their order, and says which of them wait for
// one another. The run keeps to it, so that a dry run foresees whom each item meets, however
// many of them are under way at once. There is nothing to plan for verbs that choose nobody,
// nor for the items that a call with the same key did before. The plan takes half of the time
// that is left until begin ends: items that it did not get to choose for themselves, or are not
// tried where members share them.
func (r *bulkRun) plan(ctx, begin context.Context, stopped <-chan struct{}) {
	if r.request.DryRun || !r.request.Verb.chooses() {
		return
	}
	dry := &bulkRun{
		request: r.request, by: r.by, desk: r.desk.rehearsing(r.seed()), atOnce: 1,
		items: r.items, known: r.known, done: r.done, spread: r.spread, steps: make(bulkPlan, len(r.items)),
	}
	dry.request.DryRun = true
	end, _ := begin.Deadline()
	half, cancel := context.WithTimeout(begin, time.Until(end)/2)
	defer cancel()
	dry.all(ctx, half.Done(), stopped)
	r.steps = dry.steps
	r.steps.order()
}

// chooses reports whether the members depend on the items before.
func (v BulkVerb) chooses() bool { return v.To.Team != "" || v.SpreadOver != nil }

// seed is the same for a dry run and for the run of the same conversations as they are then.
func (r *bulkRun) seed() string {
	parts := []string{string(r.by.Workspace), string(r.request.Verb.Action), string(r.request.Verb.To.Team)}
	for _, item := range r.items {
		parts = append(parts, string(item.Conversation), fmt.Sprint(r.known[item.Conversation].Version))
	}
	return digest(parts...)
}

// order lets items that move the counters of the same member, if the rules chose that member
// for any of them, and those that turn a rotation, be committed in the order of their choices.
// An item for which nobody was chosen is committed once all have ended for which somebody was,
// also those behind it: the dispatch gives out the queue as soon as something is in it, and
// shall not find a slot free that the plan gave away, to a conversation of another kind perhaps.
// One that frees a slot of a member chosen does not wait for those behind it, which may need
// that slot.
func (p bulkPlan) order() {
	chosen, all := map[workspace.MemberID]bool{}, []<-chan struct{}(nil)
	for i := range p {
		p[i].placed, p[i].ended = make(chan struct{}), make(chan struct{})
		if m := p[i].chosen.Member; m != "" {
			chosen[m], all = true, append(all, p[i].ended)
		}
	}
	last, given := map[any]<-chan struct{}{}, 0
	for i := range p {
		step := &p[i]
		counters := step.counters(chosen)
		switch {
		case step.chosen.Member != "":
			given++
		case len(counters) == 0:
			step.last, step.before = len(all) > 0, slices.Clip(all)
		default:
			step.before = slices.Clone(all[:given])
		}
		for _, counter := range counters {
			if before, moved := last[counter]; moved {
				step.before = append(step.before, before)
			}
		}
		for _, counter := range counters {
			last[counter] = step.placed
		}
	}
}

// bulkStep is what was decided for one item before the call began to act.
type bulkStep struct {
	// to is the owner whom the verb names.
	to access.Owner
	// current and directory are what the choice was made of, and action is the change that
	// it is; empty if the item was refused before there was a choice.
	current   inbox.Conversation
	directory *workspace.Directory
	action    inbox.Action
	choice    access.Choice
	selection
	warnings []inbox.Warning
	// before are those that the step waits for: placed is closed once the commit of a step
	// has its place or its item has ended, and ended once the item has.
	before        []<-chan struct{}
	placed, ended chan struct{}
	once          sync.Once
	// last says that the step waits for all for which somebody was chosen.
	last bool
}

// sequence is the order in which the items of a call begin: those that wait for all others
// begin behind them.
func (p bulkPlan) sequence(items int) (out []int) {
	var behind []int
	for i := range items {
		if p != nil && p[i].last {
			behind = append(behind, i)
			continue
		}
		out = append(out, i)
	}
	return append(out, behind...)
}

// counters are those that the step moves of the members chosen, and its rotation.
func (s *bulkStep) counters(chosen map[workspace.MemberID]bool) (out []any) {
	if s.action == "" {
		return nil
	}
	for _, m := range []workspace.MemberID{s.chosen.Member, s.current.CountsFor(), s.current.Reserves()} {
		if m != "" && chosen[m] {
			out = append(out, m)
		}
	}
	if s.rotation != nil {
		out = append(out, s.rotation.Team)
	}
	return out
}

// end lets all that wait for the step go on: its item has ended.
func (s *bulkStep) end() {
	s.letOthers()
	if s.ended != nil {
		close(s.ended)
	}
}

// letOthers lets those that wait for the step go on.
func (s *bulkStep) letOthers() {
	if s.placed != nil {
		s.once.Do(func() { close(s.placed) })
	}
}
