package transport

import (
	"context"
	"sync"
	"time"

	"switchboard/budget"
	"switchboard/transport/exec"
	"switchboard/transport/fanout"
	"switchboard/transport/guard"
	"switchboard/transport/wsconn"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// framing writes what an operation says in the words of a protocol.
type framing interface {
	next(payload []byte) wsconn.Frame
	failed(errs gqlerror.List) wsconn.Frame
	complete() wsconn.Frame
}

// conn is the connection of an operation.
type conn interface {
	// send takes a frame and never waits; false when the connection has ended.
	send(f wsconn.Frame) bool
	// room is nil if little waits to be sent; else it is closed once less does, or the
	// connection has ended.
	room() <-chan struct{}
	// comeBack ends the connection so that the client connects and resumes.
	comeBack()
	// forget frees the id of an operation; it is called before the last frame goes out.
	forget(op *operation)
	// breached is told that the operation was refused because the caller has, or
	// asks, too much; kept that one was not.
	breached()
	kept()
	// spawn runs f in a goroutine that the connection waits for. It is false, and f
	// not run, when the connection has ended.
	spawn(f func()) bool
	// enter counts one more goroutine that the connection waits for, which may begin late.
	// Only what spawn runs, or entered itself, calls it. It ends with exit.
	enter()
	exit()
}

var (
	_ conn = (*socket)(nil)
	_ conn = (*events)(nil)
)

// operation is a query, a mutation or a subscription of one client.
type operation struct {
	id     string
	ctx    context.Context // of the identity; ends with the operation
	cancel context.CancelFunc
	exec   graphql.GraphExecutor
	groups *fanout.Groups
	guard  *guard.Conn
	frames framing
	conn   conn

	journal guard.Journal
	asked   guard.Operation // of a subscription that was begun; else zero
	began   time.Time
	// journaled is the context that the journal gave; nil for what it did not hear of.
	journaled context.Context

	execution *exec.Execution // of this client alone, used by one goroutine at a time; else nil

	mu     sync.Mutex
	ended  bool
	over   bool           // the journal heard of the end
	member *fanout.Member // of a group; nil while it is executed alone
	held   budget.Buffer  // what a subscription takes
}

// stop ends the operation: nothing is sent for its id from now on, and its
// context is cancelled.
func (o *operation) stop() {
	o.mu.Lock()
	o.ended = true
	member := o.member
	o.member = nil
	o.held.Close()
	o.mu.Unlock()
	o.record("OK")
	o.cancel()
	if member != nil {
		member.Leave()
	}
}

// emit sends a frame unless the operation has ended. Last ends it, and frees its
// id first: the client may use it again as soon as it sees the frame.
func (o *operation) emit(f wsconn.Frame, last bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return false
	}
	if last {
		o.ended = true
		o.held.Close()
		o.conn.forget(o)
	}
	return o.conn.send(f)
}

// run executes the operation, and returns when it is over, in a group that
// executes it from now on, or waits for something to do.
func (o *operation) run(params *graphql.RawParams) {
	opCtx, wrong := o.create(params)
	if wrong != nil {
		o.finish(exec.Outcome{Errors: wrong})
		return
	}
	o.execute(opCtx)
}

// create checks what the client asks for. The errors are as clients may see them.
func (o *operation) create(params *graphql.RawParams) (opCtx *graphql.OperationContext, wrong gqlerror.List) {
	ctx := graphql.StartOperationTrace(o.ctx)
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	var errs gqlerror.List
	if panicked := exec.Guard(ctx, o.exec, func() { opCtx, errs = o.exec.CreateOperationContext(ctx, params) }); panicked != nil {
		return nil, panicked
	}
	if len(errs) == 0 {
		errs = o.admit(opCtx)
	}
	if len(errs) > 0 {
		return nil, exec.Present(graphql.WithOperationContext(ctx, opCtx), o.exec, errs)
	}
	return opCtx, nil
}

// execute runs what create returned, and returns as run does.
func (o *operation) execute(opCtx *graphql.OperationContext) {
	o.begin(opCtx)
	if !o.groups.Admit(o, opCtx) {
		o.Alone(graphql.StartOperationTrace(o.ctx), opCtx)
	}
}

// Alone executes the operation for this client only.
func (o *operation) Alone(ctx context.Context, opCtx *graphql.OperationContext) {
	ctx = exec.WithRoom(exec.WithKeep(ctx, o.keep), o.conn.room)
	begun := o.groups.Begin()
	defer begun()
	o.execution = exec.New(ctx, o.exec, opCtx, begun, func(resp *graphql.Response) bool {
		return o.emit(o.frames.next(exec.AppendResponse(nil, resp)), false)
	})
	o.advance()
}

// advance executes what there is to execute, and leaves the rest to another goroutine: none
// waits for it. The connection waits for the operation all the time.
func (o *operation) advance() {
	for {
		if end, over := o.execution.Advance(); over {
			o.execution = nil
			o.finish(end)
			return
		}
		o.conn.enter()
		if o.execution.Await(o.resume) {
			return
		}
		o.conn.exit()
	}
}

// resume is called with locks of others held.
func (o *operation) resume() {
	go func() {
		defer o.conn.exit()
		o.advance()
	}()
}

// finish says how the operation ended.
func (o *operation) finish(end exec.Outcome) {
	defer o.cancel()
	o.record(guard.CodeOf(&graphql.Response{Errors: end.Errors}))
	switch {
	case end.Stopped:
	case end.ComeBack:
		o.conn.comeBack()
	case end.Errors != nil:
		if guard.IsBreach(end.Errors) {
			defer o.conn.breached()
		}
		o.emit(o.frames.failed(end.Errors), true)
	default:
		o.conn.kept()
		o.emit(o.frames.complete(), true)
	}
}

// begin tells the journal of a subscription. Queries and mutations are told of by those
// that execute them.
func (o *operation) begin(opCtx *graphql.OperationContext) {
	if opCtx.Operation.Operation != ast.Subscription {
		return
	}
	asked := guard.OperationOf(o.ctx, opCtx)
	ctx := o.journal.Begin(o.ctx, asked)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked, o.began, o.journaled = asked, time.Now(), ctx
}

// record tells the journal once how a subscription ended.
func (o *operation) record(code string) {
	o.mu.Lock()
	over := o.over || o.journaled == nil
	o.over = true
	ctx, asked, began := o.journaled, o.asked, o.began
	o.mu.Unlock()
	if !over {
		o.journal.End(ctx, asked, code, time.Since(began))
	}
}
