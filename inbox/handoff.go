package inbox

import "switchboard/inbox/workspace"

// HandOff passes a chat from its AI agent to people: to the member chosen by
// name or by the method, or into the queue of team (of the workspace when
// empty) when chosen is empty. automatic says that the method chose. B:H1.
func HandOff(c Conversation, team workspace.TeamID, chosen workspace.MemberID, automatic bool, t Command) Move {
	if chosen == "" {
		return c.move(EventHandedOff, c.queue(team, t), t)
	}
	to := c.owner(chosen, t, automatic)
	to.Team = team
	return c.move(EventHandedOff, to, t)
}
