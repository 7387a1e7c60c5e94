// Package desk holds the use cases of conversations: the verbs, what is said, new
// conversations, routing and queues, and the presence of members.
//
// Each use case of a verb runs its declaration, see access.Verb: it authorizes by the
// verdict, loads, decides what the pure function needs, applies it and commits; see
// runner.
package desk

import (
	"sync/atomic"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admission"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/shelf"
)

// Config is what the desk needs. Every field is required but Line, Hands and Words.
type Config struct {
	Callers  *access.Callers
	Base     *commit.Base
	Store    Store
	Contacts *contacts.Service
	Shelf    *shelf.Service
	// Loads remembers loads.
	Loads LoadCache
	// QueueState reports earlier waiting conversations; without it there are none.
	QueueState QueueState
	// DispatchConcurrency is how many conversations of a queue are handed out at once; less than
	// 1 is 1.
	DispatchConcurrency int
	// MessageQuota bounds the messages of contacts; without it they are not bounded.
	MessageQuota MessageQuota
	// Stopping is closed when the server stops: calls with many conversations begin no more
	// of them then; nil for never.
	Stopping <-chan struct{}
	// Pick answers a uniform number from 0 to n-1.
	Pick func(n int) int
}

// Desk is all of the desk.
type Desk struct {
	Desk     *Service
	Bulk     *Bulk
	Messages *Messages
	Intake   *Intake
	Reader   *Reader
	Queues   *Queues
	Presence *PresenceService
}

// New makes a Desk.
func New(c Config) Desk {
	if c.QueueState == nil {
		c.QueueState = noQueueState{}
	}
	if c.MessageQuota == nil {
		c.MessageQuota = noMessageQuota{}
	}
	route := &router{store: c.Store, loads: c.Loads, line: c.QueueState, pick: c.Pick}
	run := &runner{
		callers: c.Callers, base: c.Base, store: c.Store, route: route, words: c.MessageQuota,
		gate: newGate(), declared: access.VerbOf,
	}
	said := &Messages{callers: c.Callers, base: c.Base, store: c.Store, run: run}
	verbs := &Service{base: c.Base, store: c.Store, route: route, run: run}
	return Desk{
		Desk:     verbs,
		Bulk:     &Bulk{callers: c.Callers, base: c.Base, store: c.Store, shelf: c.Shelf, desk: verbs, stopped: c.Stopping},
		Messages: said,
		Intake:   &Intake{callers: c.Callers, base: c.Base, store: c.Store, run: run, messages: said, contacts: c.Contacts},
		Reader:   &Reader{callers: c.Callers, base: c.Base, store: c.Store, run: run, shelf: c.Shelf},
		Queues:   &Queues{callers: c.Callers, base: c.Base, store: c.Store, run: run, route: route, hands: max(1, c.DispatchConcurrency)},
		Presence: &PresenceService{callers: c.Callers, base: c.Base},
	}
}

// router chooses members by the rules, and knows what a choice has to prove.
type router struct {
	store       LoadStore
	loads       LoadCache
	line        QueueState
	rounds      rotationLocks
	pick        func(n int) int
	lostChanges atomic.Uint64
	lostChoices atomic.Uint64
}

// runner runs a verb: it asks, loads, applies, proves and commits, again when another
// was faster.
type runner struct {
	callers *access.Callers
	base    *commit.Base
	store   Store
	route   *router
	words   MessageQuota
	gate    *admission.Gate
	// declared finds the declaration of a verb.
	declared func(inbox.Action) access.Verb
}

// Service has the verbs on conversations.
type Service struct {
	base  *commit.Base
	store Store
	route *router
	run   *runner
}

// Messages writes what is said in conversations.
type Messages struct {
	callers *access.Callers
	base    *commit.Base
	store   Store
	run     *runner
}

// Intake makes new conversations.
type Intake struct {
	callers  *access.Callers
	base     *commit.Base
	store    Store
	run      *runner
	messages *Messages
	contacts *contacts.Service
}

// Reader reads conversations, their messages and their histories.
type Reader struct {
	callers *access.Callers
	base    *commit.Base
	store   Store
	run     *runner
	shelf   *shelf.Service
}

// Queues hands out what waits, and closes what is idle.
type Queues struct {
	callers *access.Callers
	base    *commit.Base
	store   Store
	run     *runner
	route   *router
	hands   int
}

// PresenceService changes the availability of members whose connections are lost or
// come back.
type PresenceService struct {
	callers *access.Callers
	base    *commit.Base
}
