package inbox

import "fmt"

// Notice is what the contact is told of a step by rule notifyContact, and who the
// contact then knows to answer. The text is empty when nothing is said. name
// gives a member's public name. B:L1, B:L2
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

// introduces reports whether somebody answers from now on of whom the contact was
// not told last, whatever brought them there. Who begins a conversation needs no
// introduction.
func (m Move) introduces() bool {
	to := m.Event.To.Assignee
	return m.Event.Kind != EventCreated && to != "" && to != m.Event.From.Assignee && to != m.After.Introduced
}
