package desk

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// refused reports whether a verb ended as its repeat would, with nothing done:
// that may be because it was done before.
func refused(err error) bool {
	var typed *inbox.Error
	return errors.As(err, &typed) && typed.Code != inbox.Unavailable
}

// repeat answers a request whose key was used before with the result of the first.
func (s *runner) repeat(ctx context.Context, a access.Access, key inbox.IdempotencyKey) (Outcome, bool, error) {
	e, ok, err := s.base.Repeated(ctx, a, key)
	if !ok || err != nil {
		return Outcome{}, ok, err
	}
	out, err := s.outcomeAgain(ctx, a, e)
	return out, true, err
}

// outcomeAgain is the outcome of e for a repeat: the same event, and the
// conversation as it is now, which may be out of the caller's sight.
func (s *runner) outcomeAgain(ctx context.Context, a access.Access, e inbox.Event) (Outcome, error) {
	c, err := s.store.Conversation(ctx, a.Principal.Workspace, e.Conversation)
	return Outcome{Conversation: c, Event: e, Warnings: e.Warnings}, err
}
