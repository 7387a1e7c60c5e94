package transport

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"switchboard/budget"
	"switchboard/transport/codes"
	"switchboard/transport/exec"
	"switchboard/transport/fanout"
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// EventStream serves one operation a request as server-sent events, in the
// distinct connections mode of the GraphQL over SSE protocol: by POST or GET with
// Accept: text/event-stream.
type EventStream struct {
	http    HTTP
	options SocketOptions
	groups  *fanout.Groups
	gate    *guard.Gate
	journal guard.Journal

	open registry[*events]
	slow atomic.Uint64
}

var _ graphql.Transport = (*EventStream)(nil)

// Supports says whether r asks for an event stream.
func (t *EventStream) Supports(r *http.Request) bool {
	return !isUpgrade(r) && (r.Method == http.MethodGet || r.Method == http.MethodPost) && wantsEvents(r.Header)
}

// Do serves the operation until it is over. What cannot be begun is refused in
// JSON; what ends before it is complete aborts the connection, which makes
// clients come back.
func (t *EventStream) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	reply := &httpReply{w: w, media: mediaJSON, observer: t.http.Observer}
	release, refused := admit(&t.open, t.gate, guard.ClientAddress(r.Context()))
	if refused != nil {
		reply.refuse(refused)
		return
	}
	defer release()
	id, refused := t.http.identify(r)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	admitted, no := t.gate.Admit(id, time.Now())
	if no != nil {
		reply.refuse(no.Refusal())
		return
	}
	defer admitted.Leave()
	params, refused := t.http.params(w, r, id)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	params.Headers = r.Header
	t.serve(w, r, id, admitted, params, exec)
}

func (t *EventStream) serve(w http.ResponseWriter, r *http.Request, id guard.Identity, admitted *guard.Conn, params *graphql.RawParams, exec graphql.GraphExecutor) {
	if t.http.rate != nil {
		t.http.rate(id.Within(r.Context())).Show(w.Header())
	}
	e := newEvents(http.NewResponseController(w), w, t.options)
	e.held = budget.NewBuffer(admitted.Buffer(), 0)
	if !t.open.add(e) {
		e.abort()
	}
	defer t.open.remove(e)
	ctx, cancel := context.WithCancel(id.Within(r.Context()))
	op := &operation{
		ctx: ctx, cancel: cancel, exec: queriesByGet{exec, r.Method}, groups: t.groups, guard: admitted, frames: eventFraming{}, conn: e, journal: t.journal,
	}
	e.spawn(func() { op.run(params) })
	if !id.Expires.IsZero() {
		defer time.AfterFunc(time.Until(id.Expires), e.abort).Stop()
	}
	whole := e.write(r.Context(), t.options.PingInterval)
	e.over()
	op.stop()
	e.running.Wait()
	if e.slow.Load() {
		t.slow.Add(1)
	}
	if !whole {
		abortResponse(r.Context())
	}
}

// shutdown aborts every stream, refuses new ones, and returns when all are gone.
func (t *EventStream) shutdown(ctx context.Context) error {
	select {
	case <-t.open.drain((*events).abort):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// queriesByGet refuses what a GET must not do.
type queriesByGet struct {
	graphql.GraphExecutor
	method string
}

// CreateOperationContext is the executor's, but for a mutation by GET.
func (q queriesByGet) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlErrors) {
	opCtx, errs := q.GraphExecutor.CreateOperationContext(ctx, params)
	if len(errs) == 0 && q.method == http.MethodGet && opCtx.Operation.Operation == ast.Mutation {
		errs = gqlErrors{codes.New(codes.MethodNotAllowed, "send a mutation by POST")}
	}
	return opCtx, errs
}

// PresentRecoveredError is the executor's.
func (q queriesByGet) PresentRecoveredError(ctx context.Context, value any) error {
	if presenter, ok := q.GraphExecutor.(exec.PanicPresenter); ok {
		return presenter.PresentRecoveredError(ctx, value)
	}
	return codes.New(codes.Internal, "internal error")
}

type abortKey struct{}

// abortable ends the connection of a request that asked for it. A handler's own
// panic would be answered by the executor's handler in between.
func abortable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		aborted := new(atomic.Bool)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), abortKey{}, aborted)))
		if aborted.Load() {
			panic(http.ErrAbortHandler)
		}
	})
}

func abortResponse(ctx context.Context) {
	if aborted, ok := ctx.Value(abortKey{}).(*atomic.Bool); ok {
		aborted.Store(true)
	}
}
