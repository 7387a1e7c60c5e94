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
// refused, so that a new one is closed until somebody opens it. B:V8. It does the
// same for API keys that feed conversations in and may read none. B:Z2.
type ContactGuard struct{ contact, feeder openFields }

// openFields are fields that somebody may ask for, as Type.field.
type openFields map[string]bool

var (
	_ graphql.HandlerExtension = ContactGuard{}
	_ graphql.FieldInterceptor = ContactGuard{}
)

// NewContactGuard makes the guard.
func NewContactGuard() ContactGuard {
	return ContactGuard{contact: openOf(contactFields()), feeder: openOf(feederFields())}
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
		"Mutation":           "sendMessage reopenAndReply startNewConversation",
		"Subscription":       "conversationUpdates",
		"Viewer":             "contact member aiAgent apiKey",
		"Conversation":       "id kind subject channel status handler contact assignee originAgent queuePosition waitingSince lastMessage lastActivityAt createdAt messages",
		"ConversationUpdate": "cursor gap event message conversation accessLost",
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

// OpenToContacts reports whether a contact may ask for the field.
func (g ContactGuard) OpenToContacts(typeName, field string) bool {
	return g.contact.has(typeName, field)
}

// OpenToFeeders reports whether an API key may that views no conversations.
func (g ContactGuard) OpenToFeeders(typeName, field string) bool {
	return g.feeder.has(typeName, field)
}

// has leaves introspection open, which the server switches by itself.
func (o openFields) has(typeName, field string) bool {
	return o[typeName+"."+field] || strings.HasPrefix(field, "__") || strings.HasPrefix(typeName, "__")
}

// InterceptField refuses a contact, and a key that may read nothing, what is not
// open to it.
func (g ContactGuard) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	var open openFields
	who := ""
	switch p, _ := auth.FromContext(ctx); {
	case p.Actor.Kind == inbox.ActorContact:
		open, who = g.contact, "contact"
	case p.Actor.Kind == inbox.ActorPartner && feedsOnly(ctx):
		open, who = g.feeder, "apikey"
	default:
		return next(ctx)
	}
	f := graphql.GetFieldContext(ctx)
	if open.has(f.Object, f.Field.Name) {
		return next(ctx)
	}
	return nil, &inbox.Error{
		Code: inbox.PermissionDenied, Permission: who + ":" + f.Object + "." + f.Field.Name,
		Message: refusedTo(who) + " does not reach " + f.Object + "." + f.Field.Name + ".",
	}
}

func refusedTo(who string) string {
	if who == "contact" {
		return "A contact's token"
	}
	return "An API key that may view no conversations"
}
