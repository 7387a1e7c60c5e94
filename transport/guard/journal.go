package guard

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Operation is an operation of a client, for those who write down what was done. Nothing
// in it but the name comes from the client, and that is a name by the grammar of GraphQL.
type Operation struct {
	// Kind is query, mutation or subscription; empty for a document that was refused
	// before anybody knew.
	Kind string
	// Name is the name in the document, cut to 64 bytes; empty for none.
	Name string
	// Tenant is that of the caller's Identity, and Class its kind.
	Tenant, Class string
}

// Journal hears of each operation: of queries, mutations and subscriptions that are
// executed when they begin and when they end, and of those that are refused before when
// they are refused. It is called from many goroutines and must not wait.
type Journal interface {
	// Begin hears of an operation that is executed now, and gives its context.
	Begin(ctx context.Context, o Operation) context.Context
	// End hears of its end: "OK" or the code of its first error, and how long it took; 0
	// for what was refused before it began. The context is that of Begin.
	End(ctx context.Context, o Operation, code string, took time.Duration)
}

// NoJournal writes nothing down.
type NoJournal struct{}

var _ Journal = NoJournal{}

// Begin gives the same context.
func (NoJournal) Begin(ctx context.Context, _ Operation) context.Context { return ctx }

// End does nothing.
func (NoJournal) End(context.Context, Operation, string, time.Duration) {}

// maxName is the longest name of an operation that is written down, in bytes.
const maxName = 64

// OperationOf describes an operation of the caller behind ctx.
func OperationOf(ctx context.Context, operation *graphql.OperationContext) Operation {
	who := callerOf(ctx)
	out := Operation{Tenant: who.tenant, Class: who.class}
	if operation != nil && operation.Operation != nil {
		out.Kind, out.Name = string(operation.Operation.Operation), operation.Operation.Name
	}
	out.Name = out.Name[:min(len(out.Name), maxName)]
	return out
}
