package workspace

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
	return w.Load.Livechats == o.Load.Livechats && w.Load.Tickets == o.Load.Tickets && w.Load.Reserved() == o.Load.Reserved() && w.Cap == o.Cap &&
		a.Availability == b.Availability && a.Name == b.Name && a.Avatar == b.Avatar && a.Email == b.Email
}

// Staff lists the members of team, or of the workspace when team is empty, by
// name.
func (d *Directory) Staff(team TeamID) []Member {
	return slices.DeleteFunc(slices.Clone(d.SortedMembers()), func(m Member) bool { return team != "" && !slices.Contains(m.Teams, team) })
}
