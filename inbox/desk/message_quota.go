package desk

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// MessageUsage describes a message of a contact, or of another author in a contact's name.
type MessageUsage struct {
	Workspace workspace.WorkspaceID
	// Contact is the contact of the message; ExternalID identifies it if the id is
	// not known yet. Both are empty for a new contact.
	Contact    inbox.ContactID
	ExternalID string
	// By is the sender: the contact itself, or the key that relays.
	By workspace.Actor
	// Bytes is how much it is, and Begins says that it begins a conversation.
	Bytes  int
	Begins bool
}

// MessageQuota bounds the messages of contacts. It is asked before anything is read
// or written for a message, and must not wait.
type MessageQuota interface {
	// Spend takes the words from the budget, or refuses them with RATE_LIMITED and
	// takes nothing.
	Spend(MessageUsage) error
}

// noMessageQuota is the budget of a Service that was given none.
type noMessageQuota struct{}

var _ MessageQuota = noMessageQuota{}

// Spend allows everything.
func (noMessageQuota) Spend(MessageUsage) error { return nil }

// TooFast returns the refusal of a message that is over a budget: what names the
// budget's owner, and retryAfter is when there is room again.
func TooFast(what string, retryAfter time.Duration) *inbox.Error {
	return &inbox.Error{Code: inbox.RateLimited, Message: what, RetryAfter: retryAfter}
}

// spend charges a contact's own messages; other callers are not bounded here.
func (s *runner) spend(p inbox.Principal, body string, begins bool) error {
	if p.Actor.Kind != workspace.ActorContact {
		return nil
	}
	return s.words.Spend(MessageUsage{Workspace: p.Workspace, Contact: inbox.ContactID(p.Actor.ID), By: p.Actor, Bytes: len(body), Begins: begins})
}

// spendNew charges for a conversation that somebody begins in a contact's name.
func (s *Intake) spendNew(p inbox.Principal, n NewConversation) error {
	return s.run.words.Spend(MessageUsage{Workspace: p.Workspace, ExternalID: n.Contact.ExternalID, By: p.Actor, Bytes: len(n.Message), Begins: true})
}
