package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"

	"github.com/99designs/gqlgen/graphql"
)

// refusals are the userErrors of a payload.
type refusals = []model.UserError

// runAdmin runs an administrative act unless its arguments are invalid, and returns
// the payload with its result or its userErrors. The payload's fields are resolved
// with the directory as the act left it.
func runAdmin[T, P any](ctx context.Context, argument error, do func(inbox.Principal) (T, error), payload func(*T, refusals) P) (P, error) {
	s := scopeOf(ctx)
	var done T
	err := argument
	if err == nil {
		done, err = do(s.access.Principal)
	}
	refused, ok := s.userErrors(ctx, err)
	switch {
	case !ok:
		var none P
		return none, err
	case err != nil:
		return payload(nil, refused), nil
	}
	s.renew(ctx)
	return payload(&done, refused), nil
}

// renew reads the directory again after a change. A caller who lost access keeps
// the earlier directory for the rest of this response.
func (s *scope) renew(ctx context.Context) {
	if fresh, err := s.service.Callers.Access(ctx, s.access.Principal); err == nil {
		s.access = fresh
	}
}

// releasing is the result of an act, and how many conversations it released.
type releasing[T any] struct {
	done     T
	released int
}

// released runs an act that may release conversations.
func released[T any](done T, n int, err error) (releasing[T], error) {
	return releasing[T]{done, n}, err
}

// payloadOf is for payloads that say how many conversations were released, null
// when the act was refused.
func payloadOf[T, P any](payload func(done *T, released *int, refused refusals) P) func(*releasing[T], refusals) P {
	return func(r *releasing[T], refused refusals) P {
		if r == nil {
			return payload(nil, nil, refused)
		}
		return payload(&r.done, &r.released, refused)
	}
}

// noneReleased is how many conversations an act releases that can release none; null when
// it was refused.
func noneReleased[T any](done *T) *int {
	if done == nil {
		return nil
	}
	return new(int)
}

// toModel is null for nothing.
func toModel[T, N any](done *T, show func(T) *N) *N {
	if done == nil {
		return nil
	}
	return show(*done)
}

// deletedID is the global id of a removed entity; null if there is none.
func deletedID[T any](done *T, id func(T) string) *string {
	if done == nil {
		return nil
	}
	out := id(*done)
	return &out
}

// optionalIDs reads a list of ids; set is false for a list that is left out.
func optionalIDs[T ~string](field, typeName string, ids []string) (out []T, set bool, err error) {
	if ids == nil {
		return nil, false, nil
	}
	out, err = idsOf[T](field, typeName, ids)
	return out, true, err
}

// omittable returns the value of a field that may be left out or null.
func omittable[T any](o graphql.Omittable[*T]) (v *T, set bool) { return o.Value(), o.IsSet() }
