package resolvers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math"

	"switchboard/inbox"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Presenter presents errors: typed ones with their code, all others masked and
// logged under an id that the client can quote.
func Presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var typed *inbox.Error
		switch {
		case errors.As(err, &typed):
			return withCode(shown, typed)
		case shown.Extensions["code"] != nil && hasNoCause(shown):
			return shown // of the executor or the transport: about the document
		case unreadable(ctx, shown):
			return shownUnreadable(shown)
		case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
			return withCode(shown, &inbox.Error{Code: inbox.Unavailable, Message: "The request was ended before it was done. It is safe to send it again with the same idempotency key."})
		}
		return masked(ctx, log, shown, err)
	}
}

func withCode(shown *gqlerror.Error, e *inbox.Error) *gqlerror.Error {
	out := &gqlerror.Error{Message: e.Message, Path: shown.Path, Locations: shown.Locations, Extensions: map[string]any{"code": string(e.Code)}}
	if len(e.Field) > 0 {
		out.Extensions["field"] = fieldPath(e.Field)
	}
	if e.RetryAfter > 0 {
		out.Extensions["retryAfter"] = int(math.Ceil(e.RetryAfter.Seconds()))
	}
	if e.Permission != "" {
		out.Extensions["permission"] = e.Permission
	}
	if e.Feature != "" {
		out.Extensions["feature"] = string(e.Feature)
	}
	return out
}

// hasNoCause reports whether nothing but errors of GraphQL is in the chain.
func hasNoCause(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if _, ok := err.(*gqlerror.Error); !ok { //nolint:errorlint // each link is looked at by itself
			return false
		}
	}
	return true
}

// unreadable reports whether err is about an argument that the library could not
// read: only such errors know a path below the field that they are of.
func unreadable(ctx context.Context, shown *gqlerror.Error) bool {
	return len(shown.Path) > len(graphql.GetPath(ctx))
}

// shownUnreadable leaves out the library's words, which are about Go.
func shownUnreadable(shown *gqlerror.Error) *gqlerror.Error {
	out := &gqlerror.Error{
		Message: fmt.Sprintf("The value of %s is not of the type that the schema wants.", shown.Path), Path: shown.Path, Locations: shown.Locations,
	}
	errcode.Set(out, errcode.ValidationFailed)
	return out
}

func masked(ctx context.Context, log *slog.Logger, shown *gqlerror.Error, err error) *gqlerror.Error {
	id := rand.Text()
	log.ErrorContext(ctx, "a request failed", "error_id", id, "path", shown.Path.String(), "error", err)
	return &gqlerror.Error{
		Message: fmt.Sprintf("Something went wrong here. Quote the id %s when you report it.", id), Path: shown.Path, Locations: shown.Locations,
		Extensions: map[string]any{"code": string(inbox.Internal), "id": id},
	}
}

// Recover turns a panic into an error that Presenter masks.
func Recover(_ context.Context, value any) error { return fmt.Errorf("panic: %v", value) }
