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

// RoutingWarnings lists what is set above the plan: each method, so that BALANCED
// replaces it, taking back, so that nothing is taken, and offers, so that transfers happen at
// once; the workspace's first, then
// the teams' by name. B:Q9, B:R1.
func RoutingWarnings(a Access) []TeamWarning {
	var out []TeamWarning
	if !a.Includes(workspace.FeatureOfMethod(a.Rules().Method)).Allowed {
		out = append(out, TeamWarning{Warning: inbox.WarnMethodAbovePlan})
	}
	if !a.Includes(a.Rules().FeatureOfReclaim()).Allowed {
		out = append(out, TeamWarning{Warning: inbox.WarnReclaimAbovePlan})
	}
	if !a.Includes(a.Rules().FeatureOfAcceptance()).Allowed {
		out = append(out, TeamWarning{Warning: inbox.WarnAcceptanceAbovePlan})
	}
	for _, t := range a.Directory.SortedTeams() {
		if t.Method != "" && !a.Includes(workspace.FeatureOfMethod(t.Method)).Allowed {
			out = append(out, TeamWarning{inbox.WarnMethodAbovePlan, t.ID})
		}
	}
	return out
}
