package exec

import (
	"context"
	"errors"
	"switchboard/transport/codes"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// PanicPresenter is the interface that gqlgen's executor offers for panics outside of it.
type PanicPresenter interface {
	PresentRecoveredError(ctx context.Context, value any) error
}

// PresentPanic returns a response for a panic that gqlgen did not recover. It
// goes through the recover function and the error presenter, like the panic of
// a resolver; should these panic too, the client gets a plain answer.
func PresentPanic(ctx context.Context, exec graphql.GraphExecutor, value any) (resp *graphql.Response) {
	plain := &graphql.Response{Errors: gqlerror.List{codes.New(codes.Internal, "internal error")}}
	defer func() {
		if recover() != nil {
			resp = plain
		}
	}()
	presenter, ok := exec.(PanicPresenter)
	if !ok {
		return plain
	}
	var known *gqlerror.Error
	if !errors.As(presenter.PresentRecoveredError(ctx, value), &known) || known == nil {
		return plain
	}
	return &graphql.Response{Errors: gqlerror.List{known}}
}
