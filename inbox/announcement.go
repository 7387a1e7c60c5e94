package inbox

import "fmt"

// Announce records in to how a conversation that waits to be claimed is announced
// to members who may claim it: when it begins to wait, and again when it waits in
// another place. A conversation that stays in its place keeps its announcement.
func (c Conversation) Announce(kind EventKind, to *Ownership, version int) {
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

// claimable reports whether o waits for a member to claim it. A conversation that
// its owner left does, even if the AI agent answers meanwhile.
func (c Conversation) claimable(o Ownership) bool {
	return o.Assignee == "" && o.Status != Closed && (o.Left || c.HandlerOf(o) == HandledByQueue)
}

// announcement is the id of the notification that announced o. The event that
// withdraws it derives the same id.
func (o Ownership) announcement(c ConversationID) NotificationID {
	return NotificationID(fmt.Sprintf("%s-%d-%s", c, o.AnnouncedIn, o.Announced))
}
