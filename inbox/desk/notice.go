package desk

import (
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Notice returns the message that rule notifyContact sends to the contact about a
// step, and the member who is introduced by it. The text is empty if there is no
// message. name returns a member's public name. B:L1, B:L2
func Notice(m inbox.Move, rules workspace.Rules, name func(workspace.MemberID) string) (body string, introduced workspace.MemberID) {
	onLeave := rules.NotifyContact == workspace.NotifyOnLeaveAndReassign || rules.NotifyContact == workspace.NotifyOnLeave
	onReassign := rules.NotifyContact == workspace.NotifyOnLeaveAndReassign || rules.NotifyContact == workspace.NotifyOnReassign
	e := m.Event
	switch {
	case e.Kind == inbox.EventLeft && onLeave:
		return fmt.Sprintf("%s has left the conversation.", name(e.From.Assignee)), ""
	case onReassign && introduces(m):
		return fmt.Sprintf("%s is now in the conversation.", name(e.To.Assignee)), e.To.Assignee
	}
	return "", m.After.Introduced
}

// introduces reports whether a member answers from now on who was not the last one
// introduced to the contact. A member who begins a conversation needs no
// introduction.
func introduces(m inbox.Move) bool {
	to := m.Event.To.Assignee
	return m.Event.Kind != inbox.EventCreated && to != "" && to != m.Event.From.Assignee && to != m.After.Introduced
}
