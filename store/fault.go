package store

import (
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/feed"
)

// IsKnown reports whether callers know err as it is: nil, one with a code, or a sentinel
// of the ports. An engine wraps every other error.
func IsKnown(err error) bool {
	var typed *inbox.Error
	return err == nil || errors.As(err, &typed) || isSentinel(err)
}

func isSentinel(err error) bool {
	for _, s := range []error{commit.ErrStale, commit.ErrDuplicateKey, commit.ErrAtCap, feed.ErrHistoryLost, feed.ErrBadPosition} {
		if errors.Is(err, s) {
			return true
		}
	}
	return false
}

// unavailable is a fault that passes, with its cause.
type unavailable struct {
	typed *inbox.Error
	cause error
}

// Unavailable is a fault that passes by itself: callers read the message, with the code
// UNAVAILABLE, and operators the cause as well.
func Unavailable(message string, cause error) error {
	return &unavailable{typed: &inbox.Error{Code: inbox.Unavailable, Message: message}, cause: cause}
}

func (u *unavailable) Error() string   { return u.typed.Error() + " (" + u.cause.Error() + ")" }
func (u *unavailable) Unwrap() []error { return []error{u.typed, u.cause} }
