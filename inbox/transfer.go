package inbox

import "switchboard/inbox/workspace"

// Transfer gives c from its assignee to another member. B:T1.
func Transfer(c Conversation, to workspace.MemberID, t Command) Move {
	return c.move(EventTransferred, c.owner(to, t, false), t)
}

// TransferToTeam gives c to team as AssignToTeam does. The member who takes it from
// the team's queue is new to the contact, who is notified then. B:T3, B:L2.
func TransferToTeam(c Conversation, team workspace.TeamID, chosen workspace.MemberID, t Command) Move {
	m := c.toTeam(EventTransferred, EventTransferred, team, chosen, t)
	if chosen == "" {
		m.After.Left, m.Event.To.Left = true, true
	}
	return m
}
