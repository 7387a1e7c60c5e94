// Package services builds the use cases of the inbox, each with what it needs of the
// others. It is the one place that knows all rooms.
package services

import (
	"time"

	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/attention"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/notify"
	"switchboard/inbox/shelf"
)

// Services are all use cases. None keeps state of its own but counts, and all are
// safe for concurrent use.
type Services struct {
	Callers     *access.Callers
	Desk        *desk.Service
	Bulk        *desk.Bulk
	Messages    *desk.Messages
	Intake      *desk.Intake
	Reader      *desk.Reader
	Queues      *desk.Queues
	Presence    *desk.PresenceService
	Contacts    *contacts.Service
	Shelf       *shelf.Service
	Admin       *admin.Service
	Offboarding *admin.Offboarding
	Notify      *notify.Service
	Webhooks    *admin.Webhooks
	Log         *eventlog.Service
	Attention   *attention.Service
}

// Config is what the services need of the world. Every field is required but
// LogStore, Loads, Tokens, Ends, Line, Hands, Words, Marks and Observers.
type Config struct {
	Store Store
	// LogStore keeps the log; the same store, in all but tests of rooms that need none.
	LogStore    eventlog.Store
	Directories access.Directories
	Policy      access.Authorizer
	// Now is the clock; NewID makes ids that are unique and sort by time; Pick
	// answers a uniform number from 0 to n-1.
	Now   func() time.Time
	NewID func() string
	Pick  func(n int) int
	// Loads remembers loads; without one they are read for every choice.
	Loads desk.LoadCache
	// Tokens remembers the issue numbers of contact tokens; without one the store is
	// read for each operation of a contact.
	Tokens access.TokenIssues
	// Ends learns when API keys and their secrets will end; nil for nobody.
	Ends access.Ends
	// QueueState reports earlier waiting conversations; without it there are none.
	QueueState desk.QueueState
	// DispatchConcurrency is how many conversations of a queue are handed out at once; less than
	// 1 is 1.
	DispatchConcurrency int
	// MessageQuota bounds the messages of contacts; without it they are not bounded.
	MessageQuota desk.MessageQuota
	// Webhooks is what endpoints of webhooks need; without it there are none.
	Webhooks admin.WebhookConfig
	// Stopping is closed when the server stops; nil for never.
	Stopping <-chan struct{}
	// Marks say who looks at conversations; without them nobody does. AttentionQuota bounds
	// how often a caller says what it does; without it that is not bounded.
	Marks          attention.Marks
	AttentionQuota attention.Quota
	// Observers are told of what these services committed.
	Observers []commit.Observer
}

// New makes the services.
func New(c Config) *Services {
	if c.Tokens == nil {
		c.Tokens = access.StoredTokenIssues(c.Store)
	}
	if c.Loads == nil {
		c.Loads = desk.StoredLoads(c.Store)
	}
	callers := access.NewCallers(c.Directories, c.Store, c.Policy, c.Tokens, c.Now, c.Ends)
	base := commit.NewBase(callers, c.Store, c.Now, c.NewID, append([]commit.Observer{c.Loads, c.Tokens}, c.Observers...)...)
	people := contacts.New(callers, base, c.Store)
	shelves := shelf.New(callers, base, c.Store, people)
	rooms := desk.New(desk.Config{
		Callers: callers, Base: base, Store: c.Store, Contacts: people, Shelf: shelves,
		Loads: c.Loads, QueueState: c.QueueState, DispatchConcurrency: c.DispatchConcurrency, MessageQuota: c.MessageQuota, Stopping: c.Stopping, Pick: c.Pick,
	})
	leaving := admin.NewOffboarding(callers, base, c.Store, rooms.Desk)
	administration := admin.New(callers, base, c.Store, leaving, shelves)
	return &Services{
		Callers: callers, Desk: rooms.Desk, Bulk: rooms.Bulk, Messages: rooms.Messages, Intake: rooms.Intake, Reader: rooms.Reader, Queues: rooms.Queues,
		Presence: rooms.Presence, Contacts: people, Shelf: shelves, Offboarding: leaving,
		Admin: administration, Webhooks: admin.NewWebhooks(administration, c.Webhooks), Notify: notify.New(callers, base, c.Store),
		Log:       eventlog.New(c.LogStore, c.Now),
		Attention: attention.New(callers, rooms.Reader, c.Marks, c.AttentionQuota),
	}
}
