package resolvers

import (
	"context"
	"strings"

	"switchboard/auth"
	"switchboard/graph/contract"
	"switchboard/inbox"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// ContactGuard limits contacts to the fields that a visitor may read: messages, the
// public name of the owner, the position in the queue. It refuses every field that
// is not listed, so that a new one is closed until somebody opens it. B:V8. It
// limits API keys that feed conversations in and may read none in the same way.
// B:Z2. The
// directives @forContacts and @forIntegrations of the schema list the fields.
//
// It checks the whole operation before any of it is executed, so that a mutation is
// not refused after it had its effect. Only fields that depend on the concrete type
// behind an interface are checked during execution.
type ContactGuard struct {
	inbox           *services.Services
	contact, feeder contract.Fields
	schema          *ast.Schema
}

var (
	_ graphql.HandlerExtension        = (*ContactGuard)(nil)
	_ graphql.OperationContextMutator = (*ContactGuard)(nil)
	_ graphql.FieldInterceptor        = (*ContactGuard)(nil)
)

// NewContactGuard makes the guard. It asks service for the permissions of API keys.
func NewContactGuard(service *services.Services) *ContactGuard { return &ContactGuard{inbox: service} }

// ExtensionName is for gqlgen.
func (*ContactGuard) ExtensionName() string { return "ContactGuard" }

// Validate is for gqlgen; it gives the schema that operations are held to, and
// whose directives say which fields are open.
func (g *ContactGuard) Validate(schema graphql.ExecutableSchema) error {
	g.schema = schema.Schema()
	g.contact = contract.Marked(g.schema, contract.ForContacts)
	g.feeder = contract.Marked(g.schema, contract.ForIntegrations)
	return nil
}

// MutateOperationContext changes nothing. It refuses a mutation that selects a
// closed field, before it has any effect, and any operation with a closed root.
// Other queries and subscriptions have no effect: InterceptField refuses their
// closed fields one by one, and clients may share a document with callers who see
// more.
func (g *ContactGuard) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	held, err := g.of(ctx)
	if err != nil {
		return gqlerror.Wrap(err)
	}
	if held.who == "" {
		return nil
	}
	var refused *gqlerror.Error
	selected := selection{schema: g.schema, vars: operation.Variables}
	selected.walk(operation.Operation, func(f selectedField) bool {
		if operation.Operation.Operation != ast.Mutation && len(f.path) > 1 {
			return true
		}
		if closed := held.closedOn(f); closed != "" {
			refused = gqlerror.WrapPath(f.path, held.refusal(closed, f.Name))
		}
		return refused == nil
	})
	return refused
}

// closedOn names a type that the field may be of and on which it is closed; empty
// for none. A field of a refusal is left to its execution: clients send one
// document for all refusals, of which a contact meets few.
func (h held) closedOn(f selectedField) string {
	for _, typeName := range f.on {
		if !f.refusal && !h.opens(typeName, f.Name) {
			return typeName
		}
	}
	return ""
}

// held is the limit on a caller. A caller who is limited and has no fields open may
// select none.
type held struct {
	open contract.Fields
	who  string
}

// opens reports whether the field is open. Introspection is, which the server
// switches by itself.
func (h held) opens(typeName, field string) bool {
	return h.open.Has(typeName, field) || strings.HasPrefix(field, "__") || strings.HasPrefix(typeName, "__")
}

// of returns the limit on the caller; who is empty for a caller without one. It looks
// API keys up in the directory as it is now.
func (g *ContactGuard) of(ctx context.Context) (held, error) {
	p, _ := auth.FromContext(ctx)
	switch p.Actor.Kind {
	case workspace.ActorContact:
		return held{g.contact, "contact"}, nil
	case workspace.ActorPartner:
		access, err := g.inbox.Callers.Access(ctx, p)
		if err != nil || access.ViewsAny() == nil {
			return held{}, err
		}
		return held{g.feeder, "apikey"}, nil
	case workspace.ActorMember, workspace.ActorAgent, workspace.ActorSystem:
	}
	return held{}, nil
}

// InterceptField refuses closed fields once the type is known.
func (g *ContactGuard) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	p, _ := auth.FromContext(ctx)
	if p.Actor.Kind != workspace.ActorContact && p.Actor.Kind != workspace.ActorPartner {
		return next(ctx)
	}
	held := held{g.contact, "contact"}
	if p.Actor.Kind == workspace.ActorPartner {
		if !feedsOnly(ctx) {
			return next(ctx)
		}
		held.open, held.who = g.feeder, "apikey"
	}
	f := graphql.GetFieldContext(ctx)
	if held.opens(f.Object, f.Field.Name) {
		return next(ctx)
	}
	return nil, held.refusal(f.Object, f.Field.Name)
}

func (h held) refusal(typeName, field string) *inbox.Error {
	return &inbox.Error{
		Code: inbox.PermissionDenied, Permission: h.who + ":" + typeName + "." + field,
		Message: refusedTo(h.who) + " does not reach " + typeName + "." + field + ".",
	}
}

func refusedTo(who string) string {
	if who == "contact" {
		return "A contact's token"
	}
	return "An API key that may view no conversations"
}
