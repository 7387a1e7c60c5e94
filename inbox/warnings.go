package inbox

import "slices"

// Warning is something that the caller of a verb that succeeded should know.
type Warning string

// The warnings.
const (
	// WarnTargetAway and WarnTargetOffline: the new owner is not online.
	WarnTargetAway    Warning = "TARGET_AWAY"
	WarnTargetOffline Warning = "TARGET_OFFLINE"
	// WarnTeamAbsent: no member of the team is online who may answer.
	WarnTeamAbsent Warning = "TEAM_ABSENT"
	// WarnTeamFull: every online member of the team has as many conversations as
	// the rules allow.
	WarnTeamFull Warning = "TEAM_FULL"
	// WarnMethodAbovePlan: BALANCED stands in for the method that is set.
	WarnMethodAbovePlan Warning = "METHOD_ABOVE_PLAN"
	// WarnExists: the conversation that exists by its external id stays as it is,
	// although the request differs. B:N1
	WarnExists Warning = "ALREADY_EXISTS"
	// WarnContactUpdated means that the request replaced stored data of the
	// contact, WarnContactKept that it did not, as the caller may not speak for the
	// contact.
	WarnContactUpdated Warning = "CONTACT_UPDATED"
	WarnContactKept    Warning = "CONTACT_NOT_UPDATED"
	// WarnNotInEffect: a rule is stored that is not implemented yet.
	WarnNotInEffect Warning = "NOT_IN_EFFECT"
)

// warn returns warnings about the result of a step, for every verb: that nobody may
// look at the conversation soon, or that a rule was not followed. B:T3, B:T4, B:T6,
// B:Q9
func (t *turn) warn(m Move) []Warning {
	out := slices.Clone(t.warnings)
	switch after := m.After; {
	case after.Status == Closed:
	case after.Owned() && after.Assignee != m.Event.From.Assignee && !after.Automatic && after.Assignee != t.By.Member():
		out = append(out, t.access.presenceWarnings(after.Assignee)...)
	case !after.Owned() && after.Waiting() && after.Team != "" && m.Event.Kind.sends():
		out = append(out, t.teamWarnings(m)...)
	}
	if m.Event.Kind == EventTransferred && t.Rules.TransferAcceptance == TransferOffered {
		out = append(out, WarnNotInEffect)
	}
	return out
}

// sends reports whether a step of a kind that leaves a conversation in a team's
// queue has sent it there: a member who releases one does not expect anybody there.
func (k EventKind) sends() bool {
	switch k { //nolint:exhaustive // what else leaves a conversation in a queue was not sent there
	case EventCreated, EventHandedOff, EventQueued, EventTransferred:
		return true
	}
	return false
}

// teamWarnings returns the reason why no member of the team took the conversation.
// It leaves out the former owner, as the rules do.
func (t *turn) teamWarnings(m Move) []Warning {
	there := func(member Member) bool { return member.ID != m.Event.From.Assignee }
	if !slices.ContainsFunc(t.access.Eligible(m.After.Kind, m.After.Team), there) {
		return []Warning{WarnTeamAbsent}
	}
	if t.nobodyFree {
		return []Warning{WarnTeamFull}
	}
	return nil
}

// TeamWarning is a warning about the workspace, or about one team of it; Team is
// empty for the workspace's own.
type TeamWarning struct {
	Warning
	Team TeamID
}

// RoutingWarnings lists each method that is above the plan, so that BALANCED
// replaces it: the workspace's first, then the teams' by name. B:Q9.
func (a Access) RoutingWarnings() []TeamWarning {
	var out []TeamWarning
	if !a.includes(FeatureOfMethod(a.Rules().Method)).Allowed {
		out = append(out, TeamWarning{Warning: WarnMethodAbovePlan})
	}
	for _, t := range a.Directory.SortedTeams() {
		if t.Method != "" && !a.includes(FeatureOfMethod(t.Method)).Allowed {
			out = append(out, TeamWarning{WarnMethodAbovePlan, t.ID})
		}
	}
	return out
}
