package transport

import (
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// admit counts the operation, when it is a subscription, until it has ended.
func (o *operation) admit(opCtx *graphql.OperationContext) gqlerror.List {
	if opCtx.Operation.Operation != ast.Subscription {
		return nil
	}
	held, refused := o.guard.Open(opCtx)
	if refused != nil {
		return gqlerror.List{refused}
	}
	o.mu.Lock()
	o.held = held
	ended := o.ended
	o.mu.Unlock()
	if ended {
		held.Close()
		return nil
	}
	o.conn.kept()
	return nil
}

// keep counts the bytes that the execution keeps, or says why it may not.
func (o *operation) keep(bytes int) error {
	if o.Wait(bytes) {
		return nil
	}
	return guard.NoRoomToKeep()
}

// Share counts the operation as one that is served by the execution of another.
func (o *operation) Share() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.held.Rebase(guard.MemberCost)
	}
}
