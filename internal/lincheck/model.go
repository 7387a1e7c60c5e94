package lincheck

import "github.com/anishathalye/porcupine"

// state is the ownership of one conversation in the model. After a step of which nothing
// was told, only the version is known.
type state struct {
	State
	blank bool
}

// model is one conversation on one server that does one thing after the other.
func model() porcupine.Model {
	table := rules()
	nondeterministic := porcupine.NondeterministicModel{
		Init: func() []any { return []any{state{}} },
		Step: func(before, input, _ any) []any {
			s, known := before.(state)
			o, asked := input.(Operation)
			if !known || !asked {
				return nil
			}
			return steps(table, s, o)
		},
		Equal: func(a, b any) bool { return a == b },
	}
	return nondeterministic.ToModel()
}

// steps are the states in which o may leave s; none if s does not allow it.
func steps(table map[string]rule, s state, o Operation) []any {
	switch {
	case o.ambiguous():
		next := state{State: State{Version: s.Version + 1}, blank: true}
		return []any{s, next}
	case o.Kind == Read, o.Refused != "":
		return s.read(o)
	}
	return s.write(table[o.Kind], o)
}

// read is a step that changes nothing: what it was told must be so.
func (s state) read(o Operation) []any {
	switch {
	case o.Refused == "CONFLICT" && o.Expected != 0 && o.Expected == s.Version:
		return nil // its version was the right one
	case o.Seen != nil:
		return s.shown(*o.Seen)
	case !s.blank && !owns(refusal(o.Refused), s.Owner, o.Actor):
		return nil
	}
	return []any{s}
}

// shown is s if that is what was seen of it.
func (s state) shown(seen State) []any {
	if s.blank && s.Version == seen.Version {
		return []any{state{State: seen}}
	}
	offer := seen.Offer == "" || seen.Offer == s.Offer
	status := seen.Status == "" || seen.Status == s.Status
	if seen.Version != s.Version || seen.Epoch != s.Epoch || seen.Owner != s.Owner || !status || !offer {
		return nil
	}
	return []any{s}
}

// write is a step that changes the ownership.
func (s state) write(r rule, o Operation) []any {
	after := *o.Seen
	if after.Version != s.Version+1 || o.Expected != 0 && o.Expected != s.Version || r.to == "" {
		return nil
	}
	if !s.blank && (!r.begins(s.State, o) || after.Epoch != epochAfter(s.State, o)) {
		return nil
	}
	if !r.leads(s, after, o.Actor) {
		return nil
	}
	if r.offer == same && !s.blank {
		after.Offer = s.Offer
	}
	return []any{state{State: after}}
}

// begins reports whether a step may begin in s.
func (r rule) begins(s State, o Operation) bool {
	from := r.from
	if o.Kind == "AUTO_ASSIGNED" && o.Actor == "" {
		from = nobody // the rules take nothing from anybody
	}
	offers := r.offer != opens || o.Seen.Offer != s.Offer || s.Offer == ""
	said := o.From == nil || s.Version == 0 || o.From.Owner == s.Owner && (o.From.Status == s.Status || s.Status == "")
	return owns(from, s.Owner, o.Actor) && is(r.closedFrom, s.Status) && offers && said
}

// leads reports whether a step may end in after.
func (r rule) leads(s state, after State, by string) bool {
	kept := r.to != same && r.to != orQueue || s.blank || after.Owner == s.Owner || r.to == orQueue && after.Owner == ""
	offers := r.offer != ends || after.Offer == ""
	return owns(r.to, after.Owner, by) && is(r.closedTo, after.Status) && kept && offers
}

// is reports whether a status is closed, or not, as the rule says.
func is(closed, status string) bool {
	return closed == "" || status == "" || (status == "CLOSED") == (closed == yes)
}

// epochAfter is the epoch that a step from s leads to: one more with a change of owner, and
// when the AI agent begins anew.
func epochAfter(s State, o Operation) int {
	if s.Version == 0 || o.Seen.Owner != s.Owner || o.Kind == "RETURNED_TO_AI" {
		return s.Epoch + 1
	}
	return s.Epoch
}
