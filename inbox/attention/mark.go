package attention

import (
	"cmp"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Key is one window of somebody at one conversation. It is comparable.
type Key struct {
	Workspace    workspace.WorkspaceID
	Conversation inbox.ConversationID
	Actor        workspace.Actor
	// Window tells several windows of one person apart; its owner chooses it.
	Window string
}

// Mark is what somebody does at a conversation, in one window.
type Mark struct {
	Key
	Kind Kind
	// Note says that what is written is an internal note.
	Note bool
	// TokenIssue and IssuedBy are those of a contact's principal: the mark of a token
	// that was revoked is shown to nobody.
	TokenIssue int
	IssuedBy   workspace.KeyID
}

// markOf is what p does at a conversation.
func markOf(p inbox.Principal, s Statement) Mark {
	return Mark{
		Key:  Key{Workspace: p.Workspace, Conversation: s.Conversation, Actor: p.Actor, Window: s.Window},
		Kind: s.Kind, Note: s.Note, TokenIssue: p.TokenIssue, IssuedBy: p.IssuedBy,
	}
}

// by is who the mark is of.
func (m Mark) by() inbox.Principal {
	p := inbox.Principal{Workspace: m.Workspace, Actor: m.Actor}
	if m.Actor.Kind == workspace.ActorContact {
		p.Conversation, p.TokenIssue, p.IssuedBy = m.Conversation, m.TokenIssue, m.IssuedBy
	}
	return p
}

// Present is somebody at a conversation, as a viewer is shown them. It is comparable.
type Present struct {
	Actor workspace.Actor
	Kind  Kind
	Note  bool
}

// compare orders by actor, and of one actor the most first: an answer before a note.
func (p Present) compare(other Present) int {
	return cmp.Or(
		cmp.Compare(p.Actor.Kind, other.Actor.Kind), cmp.Compare(p.Actor.ID, other.Actor.ID),
		cmp.Compare(other.Kind.rank(), p.Kind.rank()), cmp.Compare(noted(p.Note), noted(other.Note)),
	)
}

func noted(note bool) int {
	if note {
		return 1
	}
	return 0
}
