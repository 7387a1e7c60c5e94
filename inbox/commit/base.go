package commit

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Base is what every use case shares: the clock, ids, idempotency keys, and who is
// told of what was committed. It is safe for concurrent use.
type Base struct {
	callers   *access.Callers
	store     Store
	now       func() time.Time
	newID     func() string
	observers []Observer
}

// Store is what Base reads and writes.
type Store interface {
	// Conversation finds a conversation; NOT_FOUND for none.
	Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error)
	// EventByKey finds the event that the actor's key made.
	EventByKey(ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, key string) (inbox.Event, error)
	// SaveDirectory writes one changed entity, whose Rev must be one more than
	// the stored one (ErrStale otherwise; a new entity has Rev 1), together with
	// its event.
	SaveDirectory(ctx context.Context, e inbox.Event) error
}

// NewBase makes a Base. newID makes ids that are unique and sort by time; observers
// are told of each commit, in their order.
func NewBase(callers *access.Callers, store Store, now func() time.Time, newID func() string, observers ...Observer) *Base {
	return &Base{callers: callers, store: store, now: now, newID: newID, observers: observers}
}

// NewID makes an id that is unique and sorts by time.
func (s *Base) NewID() string { return s.newID() }

// Silent is a Base whose observers hear nothing: for what is decided and not written.
func (s *Base) Silent() *Base {
	out := *s
	out.observers = nil
	return &out
}

// Clock is the present at the precision that is stored.
func (s *Base) Clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// TooBusy is the answer of a verb that lost every race.
func TooBusy() *inbox.Error {
	return &inbox.Error{Code: inbox.Unavailable, Message: "Too many changes at once. Try again with the same idempotency key."}
}

// Crowded is the answer of a verb beyond the bound of those that may wait for one
// conversation, member or team: UNAVAILABLE, and the time after which to try again.
func Crowded(after time.Duration) *inbox.Error {
	return &inbox.Error{
		Code: inbox.Unavailable, RetryAfter: after,
		Message: "Too many changes of the same conversation, member or team wait already. " +
			"Try again after that time with the same key.",
	}
}

// IsLostRace reports whether a commit came too late, so that the step is to be
// decided again: ErrStale or ErrAtCap.
func IsLostRace(err error) bool { return errors.Is(err, ErrStale) || errors.Is(err, ErrAtCap) }
