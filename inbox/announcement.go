package inbox

import "fmt"

// announce notes in to how what waits for a claimer is told to those who may
// claim: when it begins to wait, and anew when it waits elsewhere. What stays
// where it was stays as it was told.
func (c Conversation) announce(kind EventKind, to *Ownership, version int) {
	from := c.Ownership
	to.Announced, to.AnnouncedIn = "", 0
	switch {
	case !c.claimable(*to):
	case from.Announced != "" && from.Team == to.Team:
		to.Announced, to.AnnouncedIn = from.Announced, from.AnnouncedIn
	case to.Team != "" && kind != EventLeft:
		to.Announced, to.AnnouncedIn = NotifyQueued, version
	default:
		to.Announced, to.AnnouncedIn = NotifyUpForGrabs, version
	}
}

// claimable reports whether o waits for somebody to claim it. What its owner
// left does, even if the AI agent answers meanwhile.
func (c Conversation) claimable(o Ownership) bool {
	return o.Assignee == "" && o.Status != Closed && (o.Left || c.HandlerOf(o) == HandledByQueue)
}

// announcement is the id of the notification by which o was announced. Whoever
// takes it back knows it as well.
func (o Ownership) announcement(c ConversationID) NotificationID {
	return NotificationID(fmt.Sprintf("%s-%d-%s", c, o.AnnouncedIn, o.Announced))
}
