package commit

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Key makes the idempotency key of a request; zero when the caller gave none.
func (s *Base) Key(p inbox.Principal, key, verb string, parts ...any) (inbox.IdempotencyKey, error) {
	if key == "" {
		return inbox.IdempotencyKey{}, nil
	}
	if err := inbox.CheckKey("idempotencyKey", key); err != nil {
		return inbox.IdempotencyKey{}, err
	}
	request, err := fingerprint(verb, parts)
	return inbox.IdempotencyKey{Actor: p.Actor, Key: key, Request: request}, err
}

func fingerprint(verb string, parts []any) (string, error) {
	data, err := json.Marshal(parts)
	if err != nil {
		return "", fmt.Errorf("fingerprint of %s: %w", verb, err)
	}
	h := fnv.New64a()
	h.Write(data) // a hash never fails
	return fmt.Sprintf("%s:%016x", verb, h.Sum64()), nil
}

// A repeat may meet the first request's write before a majority of the database has it:
// then it is refused as a duplicate, and a read does not see it yet. settlePauses are how
// long it waits before it looks again, 5 seconds in all.
const (
	settlePause  = 50 * time.Millisecond
	settlePauses = 100
)

// Settled handles a commit that failed because its key exists: it returns the
// result of the first request, once that can be read for good. UNAVAILABLE when it
// cannot. Without a key the existing id is a fault.
func (s *Base) Settled(ctx context.Context, a access.Access, key inbox.IdempotencyKey) (inbox.Event, error) {
	if key.Key == "" {
		return inbox.Event{}, fmt.Errorf("commit without a key to repeat: %w", ErrDuplicateKey)
	}
	for range settlePauses {
		e, ok, err := s.Repeated(ctx, a, key)
		if ok || err != nil {
			return e, err
		}
		if err := wait(ctx, settlePause); err != nil {
			return inbox.Event{}, err
		}
	}
	return inbox.Event{}, &inbox.Error{
		Code:    inbox.Unavailable,
		Message: "The first request with this key is not settled yet. Try again with the same idempotency key.",
	}
}

func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Repeated finds the event that the key made; ok is false for a key that is new or
// empty. INVALID_INPUT for a key that was used for another request.
func (s *Base) Repeated(ctx context.Context, a access.Access, key inbox.IdempotencyKey) (inbox.Event, bool, error) {
	if key.Key == "" {
		return inbox.Event{}, false, nil
	}
	e, err := s.store.EventByKey(ctx, a.Principal.Workspace, key.Actor, key.Key)
	switch {
	case inbox.IsNotFound(err):
		return inbox.Event{}, false, nil
	case err != nil:
		return inbox.Event{}, false, err
	case e.Key.Request != key.Request:
		return inbox.Event{}, true, inbox.Invalid("idempotencyKey", "This key was used for another request. Use a new key for a new request.")
	}
	return e, true, nil
}
