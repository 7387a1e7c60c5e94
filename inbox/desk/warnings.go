package desk

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// warn returns warnings about the result of a step, for every verb: that nobody may
// look at the conversation soon, or that a rule was not followed. B:T3, B:T4, B:T6,
// B:Q9
func (t *attempt) warn(m inbox.Move) []inbox.Warning {
	out := slices.Clone(t.warnings)
	switch after := m.After; {
	case after.Status == inbox.Closed:
	case after.Owned() && after.Assignee != m.Event.From.Assignee && !after.Automatic && after.Assignee != t.By.Member():
		out = append(out, presenceWarnings(t.access, after.Assignee)...)
	case !after.Owned() && after.Waiting() && after.Team != "" && sends(m.Event.Kind):
		out = append(out, t.teamWarnings(m, after.Team)...)
	}
	return append(out, t.offerWarnings(m)...)
}

// offerWarnings warns that nobody may answer an offer soon, or that nobody could be asked.
func (t *attempt) offerWarnings(m inbox.Move) []inbox.Warning {
	switch o := m.After.Offer; {
	case m.Event.Kind == inbox.EventOffered && o.Member != "":
		return presenceWarnings(t.access, o.Member)
	case m.Event.Kind == inbox.EventOfferExpired && o.Round == 0:
		if why := t.teamWarnings(m, o.Team); why != nil {
			return why
		}
		return []inbox.Warning{inbox.WarnTeamAbsent} // who is there may not take it
	}
	return nil
}

// sends reports whether a step of a kind that leaves a conversation in a team's
// queue has sent it there: a member who releases one does not expect anybody there.
func sends(k inbox.EventKind) bool {
	switch k { //nolint:exhaustive // what else leaves a conversation in a queue was not sent there
	case inbox.EventCreated, inbox.EventHandedOff, inbox.EventQueued, inbox.EventTransferred:
		return true
	}
	return false
}

// teamWarnings returns the reason why no member of the team took the conversation.
// It leaves out the former owner, as the rules do.
func (t *attempt) teamWarnings(m inbox.Move, team workspace.TeamID) []inbox.Warning {
	there := func(member workspace.Member) bool { return member.ID != m.Event.From.Assignee }
	if !slices.ContainsFunc(access.Eligible(t.access, m.After.Kind, team), there) {
		return []inbox.Warning{inbox.WarnTeamAbsent}
	}
	if t.nobodyFree {
		return []inbox.Warning{inbox.WarnTeamFull}
	}
	return nil
}
