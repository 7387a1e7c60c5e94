package inbox

import "fmt"

// Notice is what the contact is told of a step, by rule notifyContact; empty
// when nothing is. name tells a member's public name. B:L1, B:L2.
func Notice(m Move, rules Rules, name func(MemberID) string) string {
	onLeave := rules.NotifyContact == NotifyOnLeaveAndReassign || rules.NotifyContact == NotifyOnLeave
	onReassign := rules.NotifyContact == NotifyOnLeaveAndReassign || rules.NotifyContact == NotifyOnReassign
	e := m.Event
	switch {
	case e.Kind == EventLeft && onLeave:
		return fmt.Sprintf("%s has left the conversation.", name(e.From.Assignee))
	case onReassign && tellsOfOwner(e):
		return fmt.Sprintf("%s is now in the conversation.", name(e.To.Assignee))
	}
	return ""
}

func tellsOfOwner(e Event) bool {
	changed := e.To.Assignee != "" && e.To.Assignee != e.From.Assignee
	return changed && (e.Kind == EventTransferred || e.Kind == EventTakenOver || e.From.Left)
}
