package attention

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Reader reads a conversation for a caller, with the errors of desk.Reader.
type Reader interface {
	Conversation(ctx context.Context, p inbox.Principal, id inbox.ConversationID) (inbox.Conversation, error)
}

// Marks are those that stand now, of all servers. None of the methods waits for a
// database.
type Marks interface {
	// Known returns a conversation where somebody's mark stands as it is now; false for
	// one that is not known here.
	Known(ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, bool)
	// Set lets m stand, in place of the one with its key, for m.Kind.Lasts. RATE_LIMITED
	// if too many stand already.
	Set(m Mark) error
	// Remove ends the mark with the key. One that does not stand is no error.
	Remove(k Key)
	// At returns the marks of all servers at a conversation, as far as this one knows.
	At(ws workspace.WorkspaceID, id inbox.ConversationID) []Mark
}

// Quota bounds how often a caller says what it does. It must not wait.
type Quota interface {
	// Spend takes one statement from the caller's budget, or refuses with RATE_LIMITED.
	Spend(p inbox.Principal) error
}

// nobody are the marks of a Service that was given none: a command's, for example.
type nobody struct{}

var _ Marks = nobody{}

func (nobody) Known(workspace.WorkspaceID, inbox.ConversationID) (inbox.Conversation, bool) {
	return inbox.Conversation{}, false
}
func (nobody) Set(Mark) error                                        { return nil }
func (nobody) Remove(Key)                                            {}
func (nobody) At(workspace.WorkspaceID, inbox.ConversationID) []Mark { return nil }

type unbounded struct{}

var _ Quota = unbounded{}

func (unbounded) Spend(inbox.Principal) error { return nil }
