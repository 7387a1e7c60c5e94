package lincheck

import (
	"fmt"
	"time"
)

// State is the ownership of a conversation as somebody was told of it.
type State struct {
	// Version and Epoch are those of the conversation; version 0 is before it was created.
	Version, Epoch int
	// Owner is the assignee; empty for none.
	Owner string
	// Status is the conversation's; empty if it was not told.
	Status string
	// Offer is the transfer offer that stands; empty for none.
	Offer string
}

// Read is the Kind of an operation that changes nothing.
const Read = "READ"

// Operation is one thing that somebody asked of a conversation, with its answer.
type Operation struct {
	Conversation string
	// Client is a number of who asked, for pictures; any will do.
	Client int
	// Kind is the event that it made or was to make, such as CLAIMED, or Read.
	Kind string
	// Actor is the member who acted; empty for the rules.
	Actor string
	// Call is when it was sent, and Return when the answer was there. A zero Return is an
	// operation without an answer: it may take effect at any time, or never.
	Call, Return time.Time
	// Expected is the version that it named; 0 for none.
	Expected int
	// Refused is the code of a refusal; empty if it was done or nothing is known.
	Refused string
	// From is the owner and the status that it says it began with; nil if it does not say.
	From *State
	// Seen is the state that it led to, or that a read or a refusal showed; nil if nothing
	// was told. One that is neither refused nor a read and has nothing here is ambiguous.
	Seen *State
}

// ambiguous reports whether nobody knows if o was done.
func (o Operation) ambiguous() bool { return o.Kind != Read && o.Refused == "" && o.Seen == nil }

// String says what was asked and answered.
func (o Operation) String() string {
	answer := "no answer"
	if o.Seen != nil {
		answer = fmt.Sprintf("%+v", *o.Seen)
	}
	if o.Refused != "" {
		answer = o.Refused + " " + answer
	}
	until := "open"
	if !o.Return.IsZero() {
		until = o.Return.Format(clock)
	}
	return fmt.Sprintf("%s to %s: %s by %q, expecting %d -> %s",
		o.Call.Format(clock), until, o.Kind, o.Actor, o.Expected, answer)
}

// clock is how times are printed.
const clock = "15:04:05.000000"
