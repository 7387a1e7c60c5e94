package commit

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"

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

// Settled handles a commit that failed because its key exists: it returns the
// result of the first request. Without a key the existing id is a fault.
func (s *Base) Settled(ctx context.Context, a access.Access, key inbox.IdempotencyKey) (inbox.Event, error) {
	e, ok, err := s.Repeated(ctx, a, key)
	if err == nil && !ok {
		err = fmt.Errorf("commit without a key to repeat: %w", ErrDuplicateKey)
	}
	return e, err
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
