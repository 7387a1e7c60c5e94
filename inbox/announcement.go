package inbox

import "fmt"

// Announce records in to how a conversation that waits to be claimed is announced
// to members who may claim it: when it begins to wait, and again when it waits in
// another place. A conversation that stays in its place keeps its announcement. by is
// the call with many conversations that the step is part of; empty for none.
func (c Conversation) Announce(kind EventKind, to *Ownership, version int, by BulkID) {
	from := c.Ownership
	to.Announced, to.AnnouncedIn, to.AnnouncedBy = "", 0, ""
	switch {
	case !c.claimable(*to):
	case from.Announced != "" && from.Team == to.Team:
		to.Announced, to.AnnouncedIn, to.AnnouncedBy = from.Announced, from.AnnouncedIn, from.AnnouncedBy
	case to.Team != "" && kind != EventLeft:
		to.Announced, to.AnnouncedIn, to.AnnouncedBy = NotifyQueued, version, by
	default:
		to.Announced, to.AnnouncedIn, to.AnnouncedBy = NotifyUpForGrabs, version, by
	}
}

// claimable reports whether o waits for a member to claim it. A conversation that
// its owner left does, even if the AI agent answers meanwhile.
func (c Conversation) claimable(o Ownership) bool {
	return o.Assignee == "" && o.Status != Closed && (o.Left || c.HandlerOf(o) == HandledByQueue)
}

// announcement is the id of the notification that announced o, of a conversation of a
// kind. The event that withdraws it derives the same id.
func (c Conversation) announcement(o Ownership) NotificationID {
	if o.AnnouncedBy != "" {
		return digestID(o.AnnouncedBy, o.Announced, c.announcedTo(o))
	}
	return NotificationID(fmt.Sprintf("%s-%d-%s", c.ID, o.AnnouncedIn, o.Announced))
}

// announcedTo are the members to whom o is announced.
func (c Conversation) announcedTo(o Ownership) Audience {
	if o.Announced == NotifyQueued {
		return ToTeam(c.Kind, o.Team)
	}
	return ToClaimers(c.Kind, o.Team)
}
