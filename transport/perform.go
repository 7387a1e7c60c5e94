package transport

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// outcome is how an execution ended; the zero value is that it is complete.
type outcome struct {
	errs gqlerror.List
	// comeBack says that the client is to connect again and resume.
	comeBack bool
	// stopped says that nobody listens any more.
	stopped bool
}

func (o outcome) completed() bool { return o.errs == nil && !o.comeBack && !o.stopped }

// perform executes an operation. It calls begun when the resolver of a
// subscription has been called, and each with every response, encoded, until that
// returns false. It survives panics.
func perform(ctx context.Context, exec graphql.GraphExecutor, opCtx *graphql.OperationContext, begun func(), each func(payload []byte) bool) (end outcome) {
	failure := new(failure)
	ctx = graphql.WithOperationContext(context.WithValue(ctx, failureKey{}, failure), opCtx)
	if panicked := guarded(ctx, exec, func() { end = stream(ctx, exec, opCtx, begun, each) }); panicked != nil {
		return outcome{errs: panicked}
	}
	err := failure.get()
	switch {
	case err == nil || !end.completed():
		return end
	case comesBack(err):
		return outcome{comeBack: true}
	}
	return outcome{errs: presented(ctx, exec, gqlerror.List{asGraphQL(err)})}
}

// presented is what clients are shown of errs.
func presented(ctx context.Context, exec graphql.GraphExecutor, errs gqlerror.List) (out gqlerror.List) {
	panicked := guarded(ctx, exec, func() { out = exec.DispatchError(ctx, errs).Errors })
	return append(out, panicked...)
}

func stream(ctx context.Context, exec graphql.GraphExecutor, opCtx *graphql.OperationContext, begun func(), each func(payload []byte) bool) outcome {
	responses, ctx := exec.DispatchOperation(ctx, opCtx)
	begun()
	for {
		resp := responses(ctx)
		switch {
		case resp == nil:
			return outcome{}
		case failedRequest(resp):
			// Never executed, or a subscription that has no source: an error ends it.
			return outcome{errs: resp.Errors}
		}
		// Encoding copies: generated code reuses the buffer of resp.Data.
		if !each(appendResponse(nil, resp)) {
			return outcome{stopped: true}
		}
		if opCtx.Operation.Operation != ast.Subscription {
			return outcome{} // an interceptor may repeat one answer for ever
		}
	}
}

// guarded calls f and returns what to tell the client if it panicked.
func guarded(ctx context.Context, exec graphql.GraphExecutor, f func()) (errs gqlerror.List) {
	defer func() {
		if value := recover(); value != nil {
			errs = presentPanic(ctx, exec, value).Errors
		}
	}()
	f()
	return nil
}
