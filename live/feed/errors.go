package feed

import "switchboard/inbox"

// Why a subscription ended, or was not made. Each has the code UNAVAILABLE:
// the same request may be sent again. A subscription whose context ended gives
// the context's cause instead.
var (
	// ErrSlow is a listener that left its buffer full. What it read until then
	// is complete.
	ErrSlow error = &inbox.Error{Code: inbox.Unavailable, Message: "This listener did not keep up and was ended. Subscribe again, after the last cursor that arrived."}
	// ErrClosed is a hub that was shut down.
	ErrClosed error = &inbox.Error{Code: inbox.Unavailable, Message: "This server is shutting down. Subscribe again, after the last cursor that arrived."}
	// ErrFull is a hub that has all the subscriptions it may have.
	ErrFull error = &inbox.Error{Code: inbox.Unavailable, Message: "This server has as many live subscriptions as it may have. Try again later, or on another server."}
)
