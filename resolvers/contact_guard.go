package resolvers

import (
	"context"
	"strings"

	"switchboard/auth"
	"switchboard/inbox"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// ContactGuard keeps contacts to what a visitor may know: messages, the public
// name of the owner, the place in the queue. A field that is not listed is
// refused, so that a new one is closed until somebody opens it. B:V8. It does the
// same for API keys that feed conversations in and may read none. B:Z2.
//
// The whole operation is judged before any of it is executed, so that a mutation
// is not refused after it had its effect. Only what depends on the type that an
// interface turns out to have is judged while it is executed.
type ContactGuard struct {
	inbox           *inbox.Service
	contact, feeder openFields
	schema          *ast.Schema
}

// openFields are fields that somebody may ask for, as Type.field.
type openFields map[string]bool

var (
	_ graphql.HandlerExtension        = (*ContactGuard)(nil)
	_ graphql.OperationContextMutator = (*ContactGuard)(nil)
	_ graphql.FieldInterceptor        = (*ContactGuard)(nil)
)

// NewContactGuard makes the guard. It asks service what an API key may do.
func NewContactGuard(service *inbox.Service) *ContactGuard {
	return &ContactGuard{inbox: service, contact: openOf(contactFields()), feeder: openOf(feederFields())}
}

func openOf(types map[string]string) openFields {
	open := openFields{}
	for typeName, fields := range types {
		for field := range strings.FieldsSeq(fields) {
			open[typeName+"."+field] = true
		}
	}
	return open
}

// contactFields are the fields that contacts may read, by type.
func contactFields() map[string]string {
	return map[string]string{
		"Query":              "viewer conversation liveCursor",
		"Mutation":           "sendMessage reopenAndReply startNewConversation setConversationStatus",
		"Subscription":       "conversationUpdates",
		"Viewer":             "contact member aiAgent apiKey",
		"Conversation":       "id kind subject channel status handler contact assignee originAgent queuePosition waitingSince lastMessage lastActivityAt createdAt messages",
		"ConversationUpdate": "cursor gap gapReason event message conversation accessLost",
		"Contact":            "id name knownName email phone externalId",
		"Member":             "name avatarUrl",
		"AIAgent":            "name",
		"SystemActor":        "name",
		"Partner":            "name",
		"Message":            "id author body internal at sequence",
		"MessageConnection":  "edges nodes pageInfo",
		"MessageEdge":        "cursor node",
		"PageInfo":           "hasNextPage hasPreviousPage startCursor endCursor",
		"SendMessagePayload": "message conversation contactToken userErrors",
		"OwnershipPayload":   "conversation warnings userErrors",
		"Warning":            "code message",

		"ConversationClosedError": "code message field allowed",
		"InvalidInputError":       "code message field",
		"NotFoundError":           "code message field",
		"PermissionDeniedError":   "code message field",
		"ConflictError":           "code message field",
	}
}

// ExtensionName is for gqlgen.
func (*ContactGuard) ExtensionName() string { return "ContactGuard" }

// Validate is for gqlgen; it gives the schema that operations are held to.
func (g *ContactGuard) Validate(schema graphql.ExecutableSchema) error {
	g.schema = schema.Schema()
	return nil
}

// OpenToContacts reports whether a contact may ask for the field.
func (g *ContactGuard) OpenToContacts(typeName, field string) bool {
	return g.contact.has(typeName, field)
}

// OpenToFeeders reports whether an API key may that views no conversations.
func (g *ContactGuard) OpenToFeeders(typeName, field string) bool {
	return g.feeder.has(typeName, field)
}

// has leaves introspection open, which the server switches by itself.
func (o openFields) has(typeName, field string) bool {
	return o[typeName+"."+field] || strings.HasPrefix(field, "__") || strings.HasPrefix(typeName, "__")
}

// MutateOperationContext changes nothing; it refuses a mutation that selects
// something that is not open to the caller, before it has any effect, and any
// operation with a closed root. Below that, queries and subscriptions have no
// effect: InterceptField refuses their closed fields one by one, and clients may
// share a document with callers who see more.
func (g *ContactGuard) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	held, err := g.of(ctx)
	if err != nil {
		return gqlerror.Wrap(err)
	}
	if held.open == nil {
		return nil
	}
	var refused *gqlerror.Error
	selected := selection{schema: g.schema, vars: operation.Variables}
	selected.walk(operation.Operation, func(f selectedField) bool {
		if operation.Operation.Operation != ast.Mutation && len(f.path) > 1 {
			return true
		}
		if closed := held.open.closedOn(f); closed != "" {
			refused = gqlerror.WrapPath(f.path, held.refusal(closed, f.Name))
		}
		return refused == nil
	})
	return refused
}

// closedOn names a type that the field may be of and on which it is closed; empty
// for none. A field of a refusal is left to its execution: clients send one
// document for all refusals, of which a contact meets few.
func (o openFields) closedOn(f selectedField) string {
	for _, typeName := range f.on {
		if !f.refusal && !o.has(typeName, f.Name) {
			return typeName
		}
	}
	return ""
}

// held is what a caller is held to; open is nil for a caller who is not.
type held struct {
	open openFields
	who  string
}

// of finds what the caller is held to. API keys are looked up, in the directory as
// it is now.
func (g *ContactGuard) of(ctx context.Context) (held, error) {
	p, _ := auth.FromContext(ctx)
	switch p.Actor.Kind {
	case inbox.ActorContact:
		return held{g.contact, "contact"}, nil
	case inbox.ActorPartner:
		access, err := g.inbox.Access(ctx, p)
		if err != nil || access.ViewsAny() == nil {
			return held{}, err
		}
		return held{g.feeder, "apikey"}, nil
	case inbox.ActorMember, inbox.ActorAgent, inbox.ActorSystem:
	}
	return held{}, nil
}

// InterceptField refuses what is not open once the type is known.
func (g *ContactGuard) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	p, _ := auth.FromContext(ctx)
	if p.Actor.Kind != inbox.ActorContact && p.Actor.Kind != inbox.ActorPartner {
		return next(ctx)
	}
	held := held{g.contact, "contact"}
	if p.Actor.Kind == inbox.ActorPartner {
		if !feedsOnly(ctx) {
			return next(ctx)
		}
		held.open, held.who = g.feeder, "apikey"
	}
	f := graphql.GetFieldContext(ctx)
	if held.open.has(f.Object, f.Field.Name) {
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
