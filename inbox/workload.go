package inbox

import "slices"

// Workload is a member's load and cap. B:V6.
type Workload struct {
	Member Member
	Load   Load
	// Cap bounds the conversations that the rules assign to the member.
	Cap int
}

// Same reports whether a wallboard shows both alike.
func (w Workload) Same(o Workload) bool {
	a, b := w.Member, o.Member
	return w.Load.Livechats == o.Load.Livechats && w.Load.Tickets == o.Load.Tickets && w.Cap == o.Cap &&
		a.Availability == b.Availability && a.Name == b.Name && a.Avatar == b.Avatar && a.Email == b.Email
}

// Staff lists the members of team, or of the workspace when team is empty, by
// name.
func (d *Directory) Staff(team TeamID) []Member {
	return slices.DeleteFunc(slices.Clone(d.SortedMembers()), func(m Member) bool { return team != "" && !slices.Contains(m.Teams, team) })
}

// Loaded returns the members whose load e may have changed.
func (e Event) Loaded() []MemberID {
	if e.After == nil {
		return nil
	}
	before, _ := e.Before()
	var out []MemberID
	for _, change := range LoadChanges(before, *e.After) {
		out = append(out, change.Member)
	}
	return out
}

// Queues reports whether e may have changed the queue of team, or any queue if team
// is empty.
func (e Event) Queues(team TeamID) bool {
	if e.After == nil || e.Type != OwnershipEvent {
		return false
	}
	before, _ := e.Before()
	in := func(c Conversation) bool { return c.Waiting() && (team == "" || c.Team == team) }
	return in(before) || in(*e.After)
}

// WorkKeys returns facets by which every event arrives that changes the load of
// these members or the queue of team; if team is empty, those of every event.
func WorkKeys(staff []Member, team TeamID) []Key {
	if team == "" {
		return []Key{Everything}
	}
	keys := []Key{QueueFacet(team)}
	for _, m := range staff {
		keys = append(keys, AssigneeFacet(m.ID))
	}
	return keys
}
