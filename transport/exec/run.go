package exec

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Outcome is how an execution ended; the zero value is that it is complete.
type Outcome struct {
	// Errors are why it failed, as clients may see them.
	Errors gqlerror.List
	// ComeBack says that the client is to connect again and resume.
	ComeBack bool
	// Stopped says that nobody listens any more.
	Stopped bool
}

// Completed reports whether the execution ended because nothing more will come.
func (o Outcome) Completed() bool { return o.Errors == nil && !o.ComeBack && !o.Stopped }

// Run executes an operation and returns when it has ended. It calls begun when the
// resolver of a subscription has been called, and each with every response until each
// returns false. Generated code uses the buffer of a response again for the next one:
// each must encode or copy what it keeps. Run survives panics, and reports them as
// errors.
func Run(ctx context.Context, exec graphql.GraphExecutor, opCtx *graphql.OperationContext, begun func(), each func(resp *graphql.Response) bool) (end Outcome) {
	run := new(running)
	ctx = graphql.WithOperationContext(context.WithValue(ctx, runningKey{}, run), opCtx)
	if panicked := Guard(ctx, exec, func() { end = run.stream(ctx, exec, opCtx, begun, each) }); panicked != nil {
		return Outcome{Errors: panicked}
	}
	err := run.failure()
	switch {
	case err == nil || !end.Completed():
		return end
	case comesBack(err):
		return Outcome{ComeBack: true}
	}
	return Outcome{Errors: Present(ctx, exec, gqlerror.List{AsGraphQL(err)})}
}

// Present returns errs as clients may see them, through the error presenter.
func Present(ctx context.Context, exec graphql.GraphExecutor, errs gqlerror.List) (out gqlerror.List) {
	panicked := Guard(ctx, exec, func() { out = exec.DispatchError(ctx, errs).Errors })
	return append(out, panicked...)
}

func (f *running) stream(ctx context.Context, exec graphql.GraphExecutor, opCtx *graphql.OperationContext, begun func(), each func(resp *graphql.Response) bool) Outcome {
	responses, ctx := exec.DispatchOperation(ctx, opCtx)
	begun()
	if f.source != nil {
		return f.follow(ctx, responses, each)
	}
	for {
		end, more := respond(responses(ctx), each)
		if !more || opCtx.Operation.Operation != ast.Subscription { // an interceptor may repeat one answer for ever
			return end
		}
	}
}

// respond passes a response on. It is not more when that was the last.
func respond(resp *graphql.Response, each func(resp *graphql.Response) bool) (end Outcome, more bool) {
	switch {
	case resp == nil:
		return Outcome{}, false
	case FailedRequest(resp):
		// Never executed, or a subscription that has no source: an error ends it.
		return Outcome{Errors: resp.Errors}, false
	case !each(resp):
		return Outcome{Stopped: true}, false
	}
	return Outcome{}, true
}

// Guard calls f. It returns the errors to send to the client if f panicked, else nil.
func Guard(ctx context.Context, exec graphql.GraphExecutor, f func()) (errs gqlerror.List) {
	defer func() {
		if value := recover(); value != nil {
			errs = PresentPanic(ctx, exec, value).Errors
		}
	}()
	f()
	return nil
}
