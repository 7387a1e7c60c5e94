package resolvers

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// loaders batch the reads of one response, so that a list costs one query and not
// one for each row.
type loaders struct {
	load    *loader[workspace.MemberID, workspace.Load]
	contact *loader[inbox.ContactID, inbox.Contact]
	message *loader[inbox.MessageID, inbox.Message]
	keyUse  *loader[workspace.KeyID, workspace.KeyUses]
	// conversation finds conversations that the caller may not see, too.
	conversation *loader[inbox.ConversationID, inbox.Conversation]
	// sequence finds numbers in the log, of events and messages alike.
	sequence *loader[string, eventlog.Sequence]
	hooks    *hookWarnings
	stars    *stars
}

func newLoaders(service *services.Services, p inbox.Principal) *loaders {
	return &loaders{
		load:         newLoader(bound(p, service.Reader.Loads)),
		contact:      newLoader(bound(p, service.Contacts.Contacts)),
		message:      newLoader(bound(p, service.Reader.MessagesByID)),
		conversation: newLoader(bound(p, service.Reader.ConversationsByID)),
		keyUse:       newLoader(bound(p, service.Admin.KeyUses)),
		sequence: newLoader(func(ctx context.Context, ids []string) (map[string]eventlog.Sequence, error) {
			return service.Log.Sequences(ctx, p.Workspace, ids)
		}),
		hooks: newHookWarnings(service, p),
		stars: &stars{service: service, principal: p},
	}
}

// bound returns a read of the service for one caller.
func bound[K comparable, V any](p inbox.Principal, read func(context.Context, inbox.Principal, []K) (map[K]V, error)) func(context.Context, []K) (map[K]V, error) {
	return func(ctx context.Context, keys []K) (map[K]V, error) { return read(ctx, p, keys) }
}
