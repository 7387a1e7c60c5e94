package eventlog

import (
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Sequence is the number of a record in the log of its workspace: 1, 2, 3 without a gap,
// in the order of the commits. 0 is no record: before the first, or not numbered yet.
type Sequence int64

// Kind is what a record is about.
type Kind string

// The kinds of record.
const (
	// Ownership is a change of ownership or status.
	Ownership Kind = "OWNERSHIP"
	// Message is a message. One that was written together with a change of ownership is a
	// record of its own, behind the change.
	Message Kind = "MESSAGE"
	// Availability is a change of a member's availability.
	Availability Kind = "AVAILABILITY"
	// Contact is a change of the contact of a conversation, or of the contact's data.
	Contact Kind = "CONTACT"
)

// Kinds returns all kinds. It never changes.
func Kinds() []Kind { return []Kind{Ownership, Message, Availability, Contact} }

// Entry is the place of a record in the log.
type Entry struct {
	Workspace workspace.WorkspaceID
	Sequence  Sequence
	Kind      Kind
	// ID is the message's for a Message, and the event's for any other kind. It has one
	// place in the log.
	ID string
	// Event is the event that brought the record; that of ID unless the kind is Message.
	Event inbox.EventID
	// Conversation is empty for an Availability.
	Conversation inbox.ConversationID
	// At is when the record was made, by the clock of a server. Clock is the latest At up
	// to this entry: unlike At it never goes back from one entry to the next.
	At, Clock time.Time
	// Position is the position of the feed behind the event; empty for a record from
	// before the log was kept. Databases accept it for some time only.
	Position string
}

// Forgotten is n with nothing left but its number, its times and its conversation: its ID is
// one that no event and no message has, so that what had the number may come again.
func (n Entry) Forgotten() Entry {
	n.ID = fmt.Sprintf("%s/forgotten/%d", n.Workspace, n.Sequence)
	n.Event, n.Position = inbox.EventID(n.ID), ""
	return n
}

// Record is an entry with its content.
type Record struct {
	Entry
	// Content is the event that brought the record, with all its messages; zero if Gone.
	Content inbox.Event
	// Message is the message of a record of that kind; nil for any other.
	Message *inbox.Message
	// Gone says that the content was removed, by rule of retention or with its workspace.
	Gone bool
}

// Bounds are the first and the last sequence of a log that can be read. Both are 0 for an
// empty log. Records before Oldest were removed.
type Bounds struct{ Oldest, Newest Sequence }
