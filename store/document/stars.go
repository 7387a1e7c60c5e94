package document

import (
	"switchboard/inbox"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// Stars lists the conversations that a member starred.
type Stars struct {
	ID            string                 `bson:"_id"`
	Workspace     workspace.WorkspaceID  `bson:"workspace"`
	Member        workspace.MemberID     `bson:"member"`
	Conversations []inbox.ConversationID `bson:"conversations"`
	Rev           int                    `bson:"rev"`
}

// OfStars is the document of s.
func OfStars(s shelf.Stars) Stars {
	return Stars{ID: LoadID(s.Workspace, s.Member), Workspace: s.Workspace, Member: s.Member, Conversations: s.Conversations, Rev: s.Rev}
}

// Stars are the stars of the document.
func (d Stars) Stars() shelf.Stars {
	return shelf.Stars{Workspace: d.Workspace, Member: d.Member, Conversations: d.Conversations, Rev: d.Rev}
}
