package inbox

import "switchboard/inbox/workspace"

// AffectedMembers returns the members whose load e may have changed.
func (e Event) AffectedMembers() []workspace.MemberID {
	if e.After == nil {
		return nil
	}
	before, _ := e.Before()
	var out []workspace.MemberID
	for _, change := range LoadChanges(before, *e.After) {
		out = append(out, change.Member)
	}
	return out
}

// ChangesQueue reports whether e may have changed the queue of team, or any queue if team
// is empty.
func (e Event) ChangesQueue(team workspace.TeamID) bool {
	if e.After == nil || e.Type != OwnershipEvent {
		return false
	}
	before, _ := e.Before()
	in := func(c Conversation) bool { return c.Waiting() && (team == "" || c.Team == team) }
	return in(before) || in(*e.After)
}
