package transport

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// panicPresenter is what gqlgen's executor offers for panics outside of it.
type panicPresenter interface {
	PresentRecoveredError(ctx context.Context, value any) error
}

// presentPanic returns a response for a panic that gqlgen did not recover. It
// goes through the recover function and the error presenter, like the panic of
// a resolver; should these panic too, the client gets a plain answer.
func presentPanic(ctx context.Context, exec graphql.GraphExecutor, value any) (resp *graphql.Response) {
	plain := &graphql.Response{Errors: gqlerror.List{coded(CodeInternal, "internal error")}}
	defer func() {
		if recover() != nil {
			resp = plain
		}
	}()
	presenter, ok := exec.(panicPresenter)
	if !ok {
		return plain
	}
	var known *gqlerror.Error
	if !errors.As(presenter.PresentRecoveredError(ctx, value), &known) || known == nil {
		return plain
	}
	return &graphql.Response{Errors: gqlerror.List{known}}
}
