package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// TeamWarning is a warning about the workspace, or about one team of it; Team is
// empty for the workspace's own.
type TeamWarning struct {
	inbox.Warning
	Team workspace.TeamID
}

// RoutingWarnings lists each method that is above the plan, so that BALANCED
// replaces it: the workspace's first, then the teams' by name. B:Q9.
func RoutingWarnings(a Access) []TeamWarning {
	var out []TeamWarning
	if !a.Includes(workspace.FeatureOfMethod(a.Rules().Method)).Allowed {
		out = append(out, TeamWarning{Warning: inbox.WarnMethodAbovePlan})
	}
	for _, t := range a.Directory.SortedTeams() {
		if t.Method != "" && !a.Includes(workspace.FeatureOfMethod(t.Method)).Allowed {
			out = append(out, TeamWarning{inbox.WarnMethodAbovePlan, t.ID})
		}
	}
	return out
}
