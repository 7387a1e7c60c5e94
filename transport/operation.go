package transport

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// operation runs one subscribe message: a query, a mutation or a subscription.
type operation struct {
	id     string
	exec   graphql.GraphExecutor
	out    func(frame) bool
	forget func(*operation) // frees the id; called before the last frame goes out
	cancel context.CancelFunc

	mu    sync.Mutex
	ended bool
}

// stop ends the operation: nothing is sent for its id from now on, and its
// context is cancelled.
func (o *operation) stop() {
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.cancel()
}

// emit sends a frame unless the operation has ended. Last ends it, and frees its
// id first: the client may use it again as soon as it sees the frame.
func (o *operation) emit(f frame, last bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return false
	}
	if last {
		o.ended = true
		o.forget(o)
	}
	return o.out(f)
}

// run executes the operation and returns when it is over. It survives panics.
func (o *operation) run(ctx context.Context, params *graphql.RawParams) {
	defer o.cancel()
	defer func() {
		if value := recover(); value != nil {
			o.emit(errorFrame(o.id, presentPanic(ctx, o.exec, value).Errors), true)
		}
	}()
	failure := new(failure)
	ctx = context.WithValue(graphql.StartOperationTrace(ctx), failureKey{}, failure)
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}

	opCtx, errs := o.exec.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, opCtx)
	if len(errs) > 0 {
		o.emit(errorFrame(o.id, o.exec.DispatchError(ctx, errs).Errors), true)
		return
	}
	if !o.stream(ctx, opCtx) {
		return
	}
	if err := failure.get(); err != nil {
		resp := o.exec.DispatchError(ctx, gqlerror.List{asGraphQL(err)})
		o.emit(errorFrame(o.id, resp.Errors), true)
		return
	}
	o.emit(completeFrame(o.id), true)
}

// stream sends each response. It is false when there is nothing left to say.
func (o *operation) stream(ctx context.Context, opCtx *graphql.OperationContext) bool {
	prefix := nextPrefix(o.id)
	responses, ctx := o.exec.DispatchOperation(ctx, opCtx)
	for {
		resp := responses(ctx)
		if resp == nil {
			return true
		}
		if failedRequest(resp) {
			// Never executed, or a subscription that has no source: an error ends it.
			o.emit(errorFrame(o.id, resp.Errors), true)
			return false
		}
		// Encoding copies: generated code reuses the buffer of resp.Data.
		payload := append(appendResponse(nil, resp), '}')
		if !o.emit(frame{prefix: prefix, payload: payload}, false) {
			return false
		}
		if opCtx.Operation.Operation != ast.Subscription {
			return true // an interceptor may repeat one answer for ever
		}
	}
}
