package inbox

// Transfer gives c from its assignee to another member. B:T1.
func Transfer(c Conversation, to MemberID, t Turn) Move {
	return c.move(EventTransferred, c.owner(to, t, false), t)
}

// TransferToTeam gives c to team as AssignToTeam does. B:T3.
func TransferToTeam(c Conversation, team TeamID, chosen MemberID, t Turn) Move {
	return c.toTeam(EventTransferred, EventTransferred, team, chosen, t)
}
