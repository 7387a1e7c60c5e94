package document

import (
	"switchboard/inbox"
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
