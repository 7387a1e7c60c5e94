package inbox

import "slices"

// MethodFor returns the method in force for team (for the workspace if team is
// empty). A method that the plan does not include is replaced by BALANCED. B:Q9.
func (a Access) MethodFor(team TeamID) (method Method, fellBack bool) {
	method = a.Rules().Method
	if t, ok := a.Directory.Team(team); ok && t.Method != "" {
		method = t.Method
	}
	if !a.includes(FeatureOfMethod(method)).Allowed {
		return Balanced, true
	}
	return method, false
}

// CapFor returns m's cap for conversations that come through team: the member's
// own, else the team's, else the workspace's. B:Q6.
func (a Access) CapFor(m Member, team TeamID) int { return a.caps(team)(&m) }

// caps is CapFor for many members.
func (a Access) caps(team TeamID) func(*Member) int {
	shared := a.Rules().MaxAutoAssigned
	if t, ok := a.Directory.Team(team); ok && t.MaxAutoAssigned != nil {
		shared = *t.MaxAutoAssigned
	}
	return func(m *Member) int {
		if m.MaxAutoAssigned != nil {
			return *m.MaxAutoAssigned
		}
		return shared
	}
}

// Eligible lists the members who may be chosen by the rules, apart from their cap.
// Do not modify the list. B:Q1.
func (a Access) Eligible(kind Kind, team TeamID) []Member {
	return a.Directory.remembered(a.policy, kind, team, func() []Member {
		var out []Member
		for _, m := range a.Directory.SortedMembers() {
			inTeam := team == "" || slices.Contains(m.Teams, team)
			if inTeam && m.Availability == Online && a.LiveAgent(m, kind) {
				out = append(out, m)
			}
		}
		return out
	})
}

// CountedKinds are the kinds that count toward the cap: those that the rules
// hand out.
func (r Rules) CountedKinds() []Kind {
	if r.AutoAssignTickets {
		return []Kind{Livechat, Ticket}
	}
	return []Kind{Livechat}
}

// Routes reports whether the rules hand out kind at all. B:Q11.
func (r Rules) Routes(kind Kind) bool { return slices.Contains(r.CountedKinds(), kind) }

// Used is the part of l that counts toward the cap.
func (l Load) Used(counted []Kind) int {
	used := 0
	for _, kind := range counted {
		switch kind {
		case Livechat:
			used += l.Livechats
		case Ticket:
			used += l.Tickets
		}
	}
	return used
}
