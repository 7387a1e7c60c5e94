package inbox

import "switchboard/inbox/workspace"

// Assign gives c to a member. B:A1.
func Assign(c Conversation, to workspace.MemberID, t Command) Move {
	return c.move(EventAssigned, c.owner(to, t, false), t)
}

// AssignToTeam gives c to team: to the member whom the team's method chose, or into
// its queue if chosen is empty. B:A5.
func AssignToTeam(c Conversation, team workspace.TeamID, chosen workspace.MemberID, t Command) Move {
	return c.toTeam(EventAutoAssigned, EventQueued, team, chosen, t)
}

func (c Conversation) toTeam(found, queued EventKind, team workspace.TeamID, chosen workspace.MemberID, t Command) Move {
	if chosen == "" {
		to := c.queue(team, t)
		to.UpForGrabs = t.Rules.TeamTarget == workspace.TeamTargetPool
		return c.move(queued, to, t)
	}
	to := c.owner(chosen, t, true)
	to.Team = team
	return c.move(found, to, t)
}
