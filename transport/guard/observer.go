package guard

import (
	"context"
	"strings"
	"switchboard/transport/codes"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Observer hears what becomes of requests, for metrics. Nothing that it is told
// comes from a client: kinds and codes are this program's own words. Its methods
// are called from many goroutines and must not wait.
type Observer interface {
	// Operation tells of a query or mutation that ran: its kind, "OK" or the code
	// of its first error, and how long it took.
	Operation(kind, code string, took time.Duration)
	// Refused tells the code of what was refused before it ran.
	Refused(code string)
	// ConnectionRefused tells why a socket or event stream was one too many:
	// TooManyHere, TooManyOfAddress or TooManyOfPrincipal.
	ConnectionRefused(why string)
	// SocketClosed tells the code with which this server closes a socket, or
	// ClosedByClient or ClosedByLoss.
	SocketClosed(code string)
}

// How a socket ends that this server does not close.
const (
	ClosedByClient = "client"
	ClosedByLoss   = "lost"
)

// codeOK is the code of an answer without errors.
const codeOK = "OK"

// NoObserver observes nothing.
type NoObserver struct{}

var _ Observer = NoObserver{}

// Operation does nothing.
func (NoObserver) Operation(string, string, time.Duration) {}

// Refused does nothing.
func (NoObserver) Refused(string) {}

// ConnectionRefused does nothing.
func (NoObserver) ConnectionRefused(string) {}

// SocketClosed does nothing.
func (NoObserver) SocketClosed(string) {}

type dispatchedKey struct{}

// dispatched marks the context of an operation that was admitted.
func dispatched(ctx context.Context) context.Context {
	return context.WithValue(ctx, dispatchedKey{}, true)
}

// InterceptResponse tells the observer of answers to what was never dispatched.
func (g Guard) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	resp := next(ctx)
	if ctx.Value(dispatchedKey{}) == nil && resp != nil {
		code := CodeOf(resp)
		g.observer.Refused(code)
		g.journal.End(ctx, OperationOf(ctx, operationOf(ctx)), code, 0)
		resp.Errors = brief(resp.Errors)
	}
	return resp
}

// What is told of a document that is refused: a client that repeats a mistake a
// thousand times need not be told of each, nor have its own words sent back.
const (
	mostErrors     = 20
	longestMessage = 500 // bytes
)

func brief(errs gqlerror.List) gqlerror.List {
	out := errs[:min(len(errs), mostErrors)]
	for i, err := range out {
		if len(err.Message) > longestMessage {
			short := *err
			short.Message = strings.ToValidUTF8(err.Message[:longestMessage], "") + "..."
			out[i] = &short
		}
	}
	return out
}

// operationOf is nil for a document that was refused before it was parsed.
func operationOf(ctx context.Context) *graphql.OperationContext {
	if !graphql.HasOperationContext(ctx) {
		return nil
	}
	return graphql.GetOperationContext(ctx)
}

// observed tells of the one response of a query or mutation, and executes it in the
// context of the journal.
func (g Guard) observed(within context.Context, of Operation, began time.Time, responses graphql.ResponseHandler) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		resp := responses(ctx)
		code, took := CodeOf(resp), time.Since(began)
		g.observer.Operation(of.Kind, code, took)
		g.journal.End(within, of, code, took)
		g.tell(ctx, graphql.GetOperationContext(ctx), resp)
		return resp
	}
}

// CodeOf is the code of the first error; INTERNAL for one without a code, and
// for no response at all.
func CodeOf(resp *graphql.Response) string {
	if resp == nil {
		return codes.Internal
	}
	if len(resp.Errors) == 0 {
		return codeOK
	}
	if code, ok := resp.Errors[0].Extensions["code"].(string); ok {
		return code
	}
	return codes.Internal
}
