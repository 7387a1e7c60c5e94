package desk

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// MessageQuery lists the messages of a conversation in the order of their
// commits: those without a sequence by time, then by sequence. A page that begins
// behind a message never passes over one that is committed later.
type MessageQuery struct {
	Workspace    workspace.WorkspaceID
	Conversation inbox.ConversationID
	// PublicOnly leaves out internal messages.
	PublicOnly bool
	Page       inbox.PageRequest
}

// OfferQuery lists offers, those that were made last first.
type OfferQuery struct {
	Workspace workspace.WorkspaceID
	// Sender lists the offers of a member; Member those that ask a member, or asked the
	// member last, together with those that ask all of one of Teams. All of the workspace
	// if none is set.
	Sender, Member workspace.MemberID
	Teams          []workspace.TeamID
	// Statuses are those wanted; empty for all.
	Statuses []inbox.OfferStatus
	Page     inbox.PageRequest
}

// HistoryQuery lists the ownership events of a conversation, newest first.
// Before is a version; zero begins at the newest.
type HistoryQuery struct {
	Workspace    workspace.WorkspaceID
	Conversation inbox.ConversationID
	Limit        int
	Before       int
}
