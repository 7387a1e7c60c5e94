package transport

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"switchboard/transport/exec"
	"switchboard/transport/fanout"
)

var _ fanout.Client = (*operation)(nil)

// Context returns that of the caller.
func (o *operation) Context() context.Context { return o.ctx }

// Executor returns the executor of the operation.
func (o *operation) Executor() graphql.GraphExecutor { return o.exec }

// Attach keeps the membership until the operation ends; false when it has.
func (o *operation) Attach(m *fanout.Member) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return false
	}
	o.member = m
	return true
}

// Detach counts the operation as one that is executed alone; false without room.
func (o *operation) Detach(opCtx *graphql.OperationContext) bool {
	o.mu.Lock()
	o.member = nil
	o.mu.Unlock()
	return o.Bear(opCtx)
}

// Bear counts the operation as one with an execution; false without room.
func (o *operation) Bear(opCtx *graphql.OperationContext) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ended || o.held.Rebase(o.guard.Cost(opCtx))
}

// Deliver sends a response of the group, unless the operation has ended.
func (o *operation) Deliver(payload []byte) { o.emit(o.frames.next(payload), false) }

// Wait counts the bytes that wait for a replay, or that the execution keeps; false
// without room.
func (o *operation) Wait(bytes int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ended || o.held.Set(bytes)
}

// ComeBack ends the connection so that the client connects again and resumes.
func (o *operation) ComeBack() { o.finish(exec.Outcome{ComeBack: true}) }

// Go runs f in a goroutine of the connection; false when that has ended.
func (o *operation) Go(f func()) bool { return o.conn.spawn(f) }
