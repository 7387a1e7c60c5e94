package access

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Asked is what a request names beside its verb, as far as the verdict depends on it.
// A verb reads the fields that belong to it. The zero value asks about the verb in
// general.
type Asked struct {
	// To is the owner to whom the conversation is given.
	To Owner
	// Status is the status that is set.
	Status inbox.Status
	// Note means that an internal message is written.
	Note bool
	// Event is the change that is taken back.
	Event inbox.Event
	// Offer is the offer that is answered, as it was found; its zero value for that of
	// the conversation.
	Offer inbox.Offer
	// Holder is the holder from whom a conversation is released.
	Holder inbox.Offboarding
	// OpenEnded means that it sleeps until the contact writes, and no time is set.
	OpenEnded bool
	// Inbound means that the contact writes now.
	Inbound bool
	// Deserted means that the contact waits for an owner who was OFFLINE already when the
	// contact wrote, or when the rules chose them.
	Deserted bool
	// At is the time of the question.
	At time.Time
}

// Choice is what a verb does beyond its conversation and its command, decided by the
// request and the rules. A verb reads the fields that belong to it.
type Choice struct {
	// To is the next owner.
	To Target
	// Answerer answers a conversation that is opened again.
	Answerer inbox.Answerer
	// Status is the next status.
	Status inbox.Status
	// Draft is the conversation that is made.
	Draft inbox.Draft
	// Until is how long it sleeps; zero for until the contact writes.
	Until time.Time
	// Event is the change that is taken back.
	Event inbox.Event
	// Offer is the offer that is made; Next is who is asked after one who did not accept;
	// Others means that others of all who are asked can accept; and Cause is what ended an
	// offer.
	Offer  inbox.OfferTerms
	Next   workspace.MemberID
	Others bool
	Cause  inbox.OfferEndCause
	// Messages are written with the step.
	Messages []inbox.Message
}

// Target is the next owner of a conversation: Member, for Team if that is set; or the
// queue of Team, or of the workspace, if Member is empty.
type Target struct {
	Member workspace.MemberID
	Team   workspace.TeamID
	// Automatic says that the rules chose the member.
	Automatic bool
}
