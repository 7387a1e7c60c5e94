package logcheck

import (
	"switchboard/inbox"
)

// Kind is what a record of the log is about.
type Kind string

// The kinds of record.
const (
	Ownership    Kind = "OWNERSHIP"
	Message      Kind = "MESSAGE"
	Availability Kind = "AVAILABILITY"
	Contact      Kind = "CONTACT"
)

// State is what a receiver learns from a change of ownership.
type State struct {
	Owner, Status string
	Version       int
}

// Record is one record as it is due.
type Record struct {
	// Sequence is the place in the log, from 1.
	Sequence int64
	// ID is that of the message, or of the event for any other kind.
	ID   string
	Kind Kind
	// Lane is the conversation or the member whose records keep their order.
	Lane string
	// State is that of the conversation behind an Ownership; zero for other kinds.
	State State
	// Internal says that it is an internal note.
	Internal bool
	// event is the index of its event.
	event int
}

// Log has every record of a workspace in the order of the commits: Log[n] has the Sequence
// n+1.
type Log []Record

// Of derives the log from all events of a workspace, in the order in which the feed has
// them: a change first, then each message that was written with it.
func Of(events []inbox.Event) (l Log) {
	for i, e := range events {
		if r, is := changeOf(e); is {
			l = l.add(i, r)
		}
		for _, m := range e.Messages {
			l = l.add(i, Record{ID: string(m.ID), Kind: Message, Lane: string(e.Conversation), Internal: m.Internal})
		}
	}
	return l
}

func (l Log) add(event int, r Record) Log {
	r.Sequence, r.event = int64(len(l)+1), event
	return append(l, r)
}

// changeOf is the record of the change that an event is; false for an event without one.
func changeOf(e inbox.Event) (Record, bool) {
	r := Record{ID: string(e.ID), Lane: string(e.Conversation)}
	switch {
	case e.Type == inbox.OwnershipEvent:
		r.Kind, r.State = Ownership, State{Owner: string(e.To.Assignee), Status: string(e.To.Status), Version: e.Version}
	case e.Type == inbox.ContactEvent && e.After != nil:
		r.Kind = Contact
	case e.Directory != nil && e.Directory.Member != nil && e.Directory.Member.AvailabilityChanged():
		r.Kind, r.Lane = Availability, "member "+string(e.Directory.Member.ID)
	default:
		return r, false
	}
	return r, true
}

// Ends returns the last state of each conversation.
func (l Log) Ends() map[string]State {
	out := map[string]State{}
	for _, r := range l {
		if r.Kind == Ownership {
			out[r.Lane] = r.State
		}
	}
	return out
}
