package desk

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// planned is v with the choice of step i of the call: the rehearsal of the call makes it, and
// the run keeps to it.
func (r *bulkRun) planned(i int, v verb) verb {
	choose := v.choose
	if r.steps == nil || choose == nil {
		return v
	}
	step := &r.steps[i]
	v.choose = func(ctx context.Context, t *attempt) (access.Choice, error) {
		action := v.declared(t.access, t.current).Action
		if r.request.DryRun {
			choice, err := choose(ctx, t)
			if err == nil {
				step.keep(t, action, choice)
			}
			return choice, err
		}
		if ok, err := step.take(ctx, r.desk.route, t, action); ok || err != nil {
			return step.choice, err
		}
		return choose(ctx, t)
	}
	return v
}

// keep notes a choice that was made in t.
func (s *bulkStep) keep(t *attempt, action inbox.Action, choice access.Choice) {
	s.current, s.directory, s.action, s.choice = t.current, t.access.Directory, action, choice
	s.selection, s.warnings = t.selection, slices.Clone(t.warnings)
	s.turn, s.release = nil, nil
}

// take gives t the choice of the step, once those have their place or have ended that it
// waits for. ok is false if what it was made of changed meanwhile, or it did not hold: then the
// item chooses by itself.
func (s *bulkStep) take(ctx context.Context, route *router, t *attempt, action inbox.Action) (ok bool, err error) {
	for _, before := range s.before {
		select {
		case <-before:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	if t.lost > 0 || !s.holds(t, action) {
		return false, nil
	}
	if s.rotation != nil {
		if err := route.lockRotation(ctx, t, s.rotation.Team); err != nil {
			return false, err
		}
		if last := t.turn.after(inbox.Rotation{Count: s.rotation.Count - 1}); last.Count >= s.rotation.Count {
			t.endTurn()
			return false, nil
		}
	}
	turn := t.turn
	t.selection, t.warnings = s.selection, slices.Clone(s.warnings)
	t.turn, t.letNext = turn, s.letOthers
	if s.chosen.Member != "" {
		route.reserve(t, s.chosen.Member)
	}
	return true, nil
}

// holds reports whether the choice may still be right: the commit verifies the counters.
func (s *bulkStep) holds(t *attempt, action inbox.Action) bool {
	if s.action != action || s.current.Version != t.current.Version {
		return false
	}
	team := s.choice.To.Team + s.choice.Offer.Team // one of them is set
	there := func(m workspace.Member) bool { return m.ID == s.chosen.Member }
	return s.directory == t.access.Directory || slices.ContainsFunc(access.Eligible(t.access, t.current.Kind, team), there)
}
