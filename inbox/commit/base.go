package commit

import (
	"errors"
	"time"

	"switchboard/inbox"
)

// NewID makes an id that is unique and sorts by time.
func (s *Base) NewID() string { return s.NewID() }

// Clock is the present at the precision that is stored.
func (s *Base) Clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// TooBusy is the answer of a verb that lost every race.
func TooBusy() *inbox.Error {
	return &inbox.Error{Code: inbox.Unavailable, Message: "Too many changes at once. Try again with the same idempotency key."}
}

func IsLostRace(err error) bool { return errors.Is(err, ErrStale) || errors.Is(err, ErrAtCap) }
