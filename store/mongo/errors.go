package mongo

import (
	"context"
	"errors"
	"fmt"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"switchboard/inbox"
	"switchboard/store"
)

// The labels that servers and the driver put on errors.
const (
	labelTransient     = "TransientTransactionError"
	labelUnknownCommit = "UnknownTransactionCommitResult"
	labelRetryable     = "RetryableWriteError"
)

// temporarily is the message that callers receive for a fault that passes by
// itself.
const temporarily = "The database cannot be reached or is too busy right now. Try again in a moment; that is safe with the same idempotency key."

func newUnavailable(cause error) error { return store.Unavailable(temporarily, cause) }

// fault wraps an error of the driver once and names the operation that failed.
// Faults that pass by themselves become UNAVAILABLE, input that is too large
// INVALID_INPUT; errors with a code stay as they are.
func fault(doing string, err error) error {
	switch {
	case store.IsKnown(err):
		return err
	case passes(err):
		return newUnavailable(fmt.Errorf("store: %s: %w", doing, err))
	case hasCode(err, largeCodes...):
		return fmt.Errorf("store: %s: %w (%w)", doing, tooLarge(), err)
	default:
		return fmt.Errorf("store: %s: %w", doing, err)
	}
}

// passes reports whether err goes away by itself: no connection, no primary, no
// time left, a server that is too busy. A context that the caller ended is not such a fault.
func passes(err error) bool {
	if errors.Is(err, context.Canceled) && !driver.IsNetworkError(err) {
		return false
	}
	return driver.IsTimeout(err) || poolCleared(err) || driver.IsNetworkError(err) || unreachable(err) || errors.Is(err, driver.ErrClientDisconnected) ||
		hasLabel(err, labelTransient) || hasLabel(err, labelUnknownCommit) || hasLabel(err, labelRetryable) ||
		hasCode(err, passingCodes...) || overLimit(err)
}

// unreachable reports whether no server was found in time; to ask again at once
// would only wait again.
func unreachable(err error) bool {
	var selection topology.ServerSelectionError
	return errors.As(err, &selection)
}

// poolCleared reports whether a connection was thrown away with all others,
// because one of them broke.
func poolCleared(err error) bool {
	var cleared interface{ Retryable() bool }
	return errors.As(err, &cleared)
}

func isDuplicate(err error) bool { return driver.IsDuplicateKeyError(err) }

// missing turns "no document" into NOT_FOUND and wraps every other error; what
// names the entity.
func missing(what, doing string, err error) error {
	if errors.Is(err, driver.ErrNoDocuments) {
		return inbox.Missing(what)
	}
	return fault(doing, err)
}
