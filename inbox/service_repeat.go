package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
)

// key makes the idempotency key of a request; zero when the caller gave none.
func (s *Service) key(p Principal, key, verb string, parts ...any) (IdempotencyKey, error) {
	if key == "" {
		return IdempotencyKey{}, nil
	}
	if err := checkKey("idempotencyKey", key); err != nil {
		return IdempotencyKey{}, err
	}
	request, err := fingerprint(verb, parts)
	return IdempotencyKey{Actor: p.Actor, Key: key, Request: request}, err
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

// settled handles a commit that failed because its key exists: it returns the
// result of the first request. Without a key the existing id is a fault.
func (s *Service) settled(ctx context.Context, a Access, key IdempotencyKey) (Event, error) {
	e, ok, err := s.repeated(ctx, a, key)
	if err == nil && !ok {
		err = fmt.Errorf("commit without a key to repeat: %w", ErrDuplicateKey)
	}
	return e, err
}

// refused reports whether a verb ended as its repeat would, with nothing done:
// that may be because it was done before.
func refused(err error) bool {
	var typed *Error
	return errors.As(err, &typed) && typed.Code != Unavailable
}

// repeat answers a request whose key was used before with the result of the first.
func (s *Service) repeat(ctx context.Context, a Access, key IdempotencyKey) (Outcome, bool, error) {
	e, ok, err := s.repeated(ctx, a, key)
	if !ok || err != nil {
		return Outcome{}, ok, err
	}
	out, err := s.outcomeAgain(ctx, a, e)
	return out, true, err
}

// outcomeAgain is the outcome of e for a repeat: the same event, and the
// conversation as it is now, which may be out of the caller's sight.
func (s *Service) outcomeAgain(ctx context.Context, a Access, e Event) (Outcome, error) {
	c, err := s.store.Conversation(ctx, a.Principal.Workspace, e.Conversation)
	return Outcome{Conversation: c, Event: e, Warnings: e.Warnings}, err
}

func (s *Service) repeated(ctx context.Context, a Access, key IdempotencyKey) (Event, bool, error) {
	if key.Key == "" {
		return Event{}, false, nil
	}
	e, err := s.store.EventByKey(ctx, a.Principal.Workspace, key.Actor, key.Key)
	switch {
	case isNotFound(err):
		return Event{}, false, nil
	case err != nil:
		return Event{}, false, err
	case e.Key.Request != key.Request:
		return Event{}, true, Invalid("idempotencyKey", "This key was used for another request. Use a new key for a new request.")
	}
	return e, true, nil
}
