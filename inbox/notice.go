package inbox

import "fmt"

// Notice returns the message that rule notifyContact sends to the contact about a
// step, and the member who is introduced by it. The text is empty if there is no
// message. name returns a member's public name. B:L1, B:L2
func Notice(m Move, rules Rules, name func(MemberID) string) (body string, introduced MemberID) {
	onLeave := rules.NotifyContact == NotifyOnLeaveAndReassign || rules.NotifyContact == NotifyOnLeave
	onReassign := rules.NotifyContact == NotifyOnLeaveAndReassign || rules.NotifyContact == NotifyOnReassign
	e := m.Event
	switch {
	case e.Kind == EventLeft && onLeave:
		return fmt.Sprintf("%s has left the conversation.", name(e.From.Assignee)), ""
	case onReassign && m.introduces():
		return fmt.Sprintf("%s is now in the conversation.", name(e.To.Assignee)), e.To.Assignee
	}
	return "", m.After.Introduced
}

// introduces reports whether a member answers from now on who was not the last one
// introduced to the contact. A member who begins a conversation needs no
// introduction.
func (m Move) introduces() bool {
	to := m.Event.To.Assignee
	return m.Event.Kind != EventCreated && to != "" && to != m.Event.From.Assignee && to != m.After.Introduced
}
