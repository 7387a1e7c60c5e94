package access

import (
	"slices"

	"switchboard/inbox/workspace"
)

// MethodFor returns the method in force for team (for the workspace if team is
// empty). A method that the plan does not include is replaced by BALANCED. B:Q9.
func MethodFor(a Access, team workspace.TeamID) (method workspace.Method, fellBack bool) {
	method = a.Rules().Method
	if t, ok := a.Directory.Team(team); ok && t.Method != "" {
		method = t.Method
	}
	if !a.Includes(workspace.FeatureOfMethod(method)).Allowed {
		return workspace.Balanced, true
	}
	return method, false
}

// CapFor returns m's cap for conversations that come through team: the member's
// own, else the team's, else the workspace's. B:Q6.
func CapFor(a Access, m workspace.Member, team workspace.TeamID) int { return Caps(a, team)(&m) }

// Caps is CapFor for many members.
func Caps(a Access, team workspace.TeamID) func(*workspace.Member) int {
	shared := a.Rules().MaxAutoAssigned
	if t, ok := a.Directory.Team(team); ok && t.MaxAutoAssigned != nil {
		shared = *t.MaxAutoAssigned
	}
	return func(m *workspace.Member) int {
		if m.MaxAutoAssigned != nil {
			return *m.MaxAutoAssigned
		}
		return shared
	}
}

// Eligible lists the members who may be chosen by the rules, apart from their cap.
// Do not modify the list. B:Q1.
func Eligible(a Access, kind workspace.Kind, team workspace.TeamID) []workspace.Member {
	return a.Directory.Remembered(a.policy, kind, team, func() []workspace.Member {
		var out []workspace.Member
		for _, m := range a.Directory.SortedMembers() {
			inTeam := team == "" || slices.Contains(m.Teams, team)
			if inTeam && m.Availability == workspace.Online && a.LiveAgent(m, kind) {
				out = append(out, m)
			}
		}
		return out
	})
}
