package inbox

import "slices"

// grounded are the kinds of notification that hold as long as a member owns a
// conversation and has not answered: "assigned to you", "the contact wrote".
func grounded() []NotificationKind {
	return []NotificationKind{NotifyAssigned, NotifyTransferred, NotifyInbound, NotifyWoken}
}

// Settled are the notifications that e makes over: those of grounded kinds about its
// conversation that were sent to the audience. ok is false when there are none. B:S2
func Settled(e Event) (to Audience, kinds []NotificationKind, ok bool) {
	return ToMember(e.Settles), grounded(), e.Settles != ""
}

// Settle notes which of its owner's notifications the step makes over: all, once the
// owner has answered, lost the conversation, or it is closed. The conversation keeps
// whether there are any, so that a step without them costs nothing.
func (m *Move) Settle(before Conversation) {
	owner, e := before.Assignee, &m.Event
	answered := e.Actor.Member() == owner && ReplyIn(e.Messages) == ReplyGiven
	if before.MayHaveNotifications && owner != "" && (answered || m.After.Status == Closed || m.After.Assignee != owner) {
		e.Settles, m.After.MayHaveNotifications = owner, false
	}
	e.After = &m.After
	for _, n := range NotificationsOf(*e) {
		if n.Audience == ToMember(m.After.Assignee) && slices.Contains(grounded(), n.Kind) {
			m.After.MayHaveNotifications = true
		}
	}
}
