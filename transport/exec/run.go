package exec

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
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

// Run executes an operation and returns when it has ended: see New.
func Run(
	ctx context.Context, exec graphql.GraphExecutor, opCtx *graphql.OperationContext,
	begun func(), each func(resp *graphql.Response) bool,
) Outcome {
	x := New(ctx, exec, opCtx, begun, each)
	for {
		if end, over := x.Advance(); over {
			return end
		}
		news := make(chan struct{})
		if x.Await(func() { close(news) }) {
			<-news
		}
	}
}

// Present returns errs as clients may see them, through the error presenter.
func Present(ctx context.Context, exec graphql.GraphExecutor, errs gqlerror.List) (out gqlerror.List) {
	panicked := Guard(ctx, exec, func() { out = exec.DispatchError(ctx, errs).Errors })
	return append(out, panicked...)
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
