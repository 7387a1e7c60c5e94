package resolvers

import (
	"context"
	"strings"

	"switchboard/auth"
	"switchboard/inbox"

	"github.com/99designs/gqlgen/graphql"
)

// ContactGuard keeps contacts to what a visitor may know: messages, the public
// name of the owner, the place in the queue. A field that is not listed is
// refused, so that a new one is closed until somebody opens it. B:V8.
type ContactGuard struct{ open map[string]bool }

var (
	_ graphql.HandlerExtension = ContactGuard{}
	_ graphql.FieldInterceptor = ContactGuard{}
)

// NewContactGuard makes the guard.
func NewContactGuard() ContactGuard {
	open := map[string]bool{}
	for typeName, fields := range contactFields() {
		for field := range strings.FieldsSeq(fields) {
			open[typeName+"."+field] = true
		}
	}
	return ContactGuard{open: open}
}

// contactFields are the fields that contacts may read, by type.
func contactFields() map[string]string {
	return map[string]string{
		"Query":              "viewer conversation",
		"Mutation":           "sendMessage reopenAndReply startNewConversation",
		"Subscription":       "conversationUpdates",
		"Viewer":             "contact member aiAgent apiKey",
		"Conversation":       "id kind subject channel status handler contact assignee originAgent queuePosition waitingSince lastMessage lastActivityAt createdAt messages",
		"ConversationUpdate": "cursor event message conversation accessLost",
		"Contact":            "id name email externalId",
		"Member":             "name avatarUrl",
		"AIAgent":            "name",
		"SystemActor":        "name",
		"Partner":            "name",
		"Message":            "id author body internal at",
		"MessageConnection":  "edges nodes pageInfo",
		"MessageEdge":        "cursor node",
		"PageInfo":           "hasNextPage hasPreviousPage startCursor endCursor",
		"SendMessagePayload": "message conversation contactToken userErrors",

		"ConversationClosedError": "code message field allowed",
		"InvalidInputError":       "code message field",
		"NotFoundError":           "code message field",
		"PermissionDeniedError":   "code message field",
		"ConflictError":           "code message field",
	}
}

// ExtensionName is for gqlgen.
func (ContactGuard) ExtensionName() string { return "ContactGuard" }

// Validate is for gqlgen; there is nothing to check.
func (ContactGuard) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField refuses a contact what is not open.
func (g ContactGuard) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	p, _ := auth.FromContext(ctx)
	if p.Actor.Kind != inbox.ActorContact {
		return next(ctx)
	}
	f := graphql.GetFieldContext(ctx)
	if g.open[f.Object+"."+f.Field.Name] || strings.HasPrefix(f.Field.Name, "__") || strings.HasPrefix(f.Object, "__") {
		return next(ctx)
	}
	return nil, &inbox.Error{
		Code: inbox.PermissionDenied, Permission: "contact:" + f.Object + "." + f.Field.Name,
		Message: "A contact's token does not reach " + f.Object + "." + f.Field.Name + ".",
	}
}
