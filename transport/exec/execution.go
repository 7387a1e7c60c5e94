package exec

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Execution is the execution of one operation. It is used by one goroutine at a time, and by
// none while a subscription waits: there are many that do nothing else, and the stack of
// each would be larger than all else that it takes.
type Execution struct {
	running
	ctx   context.Context
	exec  graphql.GraphExecutor
	opCtx *graphql.OperationContext
	begun func()
	each  func(resp *graphql.Response) bool

	// Once the resolver was called: responses gives those of the items, in the context
	// within; await is how to wait for the next.
	responses graphql.ResponseHandler
	within    context.Context
	await     func(wake func()) bool
}

// New prepares the execution of an operation. It calls begun when the resolver of a
// subscription has been called, and each with every response until each returns false.
// Generated code uses the buffer of a response again for the next one: each must encode or
// copy what it keeps. Executions survive panics, and report them as errors.
func New(
	ctx context.Context, exec graphql.GraphExecutor, opCtx *graphql.OperationContext,
	begun func(), each func(resp *graphql.Response) bool,
) *Execution {
	x := &Execution{exec: exec, opCtx: opCtx, begun: begun, each: each}
	x.ctx = graphql.WithOperationContext(context.WithValue(ctx, runningKey{}, &x.running), opCtx)
	return x
}

// Advance executes what there is to execute. Unless that is over, it is to be called again
// once Await says so.
func (x *Execution) Advance() (end Outcome, over bool) {
	over = true // also behind a panic
	if panicked := Guard(x.ctx, x.exec, func() { end, over = x.advance() }); panicked != nil {
		return Outcome{Errors: panicked}, true
	}
	err := x.failure()
	switch {
	case !over || err == nil || !end.Completed():
		return end, over
	case comesBack(err):
		return Outcome{ComeBack: true}, true
	}
	return Outcome{Errors: Present(x.ctx, x.exec, gqlerror.List{AsGraphQL(err)})}, true
}

// Await has wake called once, when there may be something to execute, or ctx has ended. Wake
// must not wait. It returns false, and does not call wake, if there is something already. Behind
// a true answer the execution belongs to the one whom wake calls.
func (x *Execution) Await(wake func()) bool { return x.await(wake) }

func (x *Execution) advance() (end Outcome, over bool) {
	if x.responses == nil {
		x.responses, x.within = x.exec.DispatchOperation(x.ctx, x.opCtx)
		x.begun()
		x.begun = nil
	}
	if x.source != nil {
		return x.follow()
	}
	for {
		end, more := respond(x.responses(x.within), x.each)
		if !more || x.opCtx.Operation.Operation != ast.Subscription { // an interceptor may repeat one answer for ever
			return end, true
		}
	}
}

// follow runs the source, and sends a response for each of its items.
func (x *Execution) follow() (end Outcome, over bool) {
	x.await = x.source(x.within, func(with func(context.Context) context.Context) (more bool) {
		resp := x.responses(with(x.within))
		if resp == nil { // an interceptor kept it back
			return x.within.Err() == nil
		}
		end, more = respond(resp, x.each)
		return more
	})
	return end, x.await == nil
}
