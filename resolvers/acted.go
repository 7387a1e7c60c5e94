package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"

	"github.com/99designs/gqlgen/graphql"
)

// refusals are the userErrors of a payload.
type refusals = []model.UserError

// acted runs an administrative act unless its arguments could not be read, and
// answers with what it did or why it did not. What is selected of the payload is
// made with the directory as the act left it.
func acted[T, P any](ctx context.Context, argument error, do func(inbox.Principal) (T, error), payload func(*T, refusals) P) (P, error) {
	s := scopeOf(ctx)
	var done T
	err := argument
	if err == nil {
		done, err = do(s.access.Principal)
	}
	refused, ok := s.userErrors(err)
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

// renew looks at the directory again, after it was changed. Who may no longer
// look keeps what was seen before, for the rest of this response.
func (s *scope) renew(ctx context.Context) {
	if fresh, err := s.service.Access(ctx, s.access.Principal); err == nil {
		s.access = fresh
	}
}

// shown is null for nothing.
func shown[T, N any](done *T, show func(T) *N) *N {
	if done == nil {
		return nil
	}
	return show(*done)
}

// gone is the global id of what was removed; null for nothing.
func gone[T any](done *T, id func(T) string) *string {
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

// given tells what a field holds that may be left out or null.
func given[T any](o graphql.Omittable[*T]) (v *T, set bool) { return o.Value(), o.IsSet() }
