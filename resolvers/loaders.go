package resolvers

import (
	"context"
	"time"

	"switchboard/inbox"

	"github.com/vikstrous/dataloadgen"
)

// batchWait is how long the first key of a batch waits for others.
const batchWait = 500 * time.Microsecond

// loaders batch the reads of one response, so that a list costs one query and not
// one for each row.
type loaders struct {
	load    *dataloadgen.Loader[inbox.MemberID, inbox.Load]
	contact *dataloadgen.Loader[inbox.ContactID, inbox.Contact]
	keyUse  *dataloadgen.Loader[inbox.KeyID, time.Time]
	// conversation finds conversations that the caller may not see, too.
	conversation *dataloadgen.Loader[inbox.ConversationID, inbox.Conversation]
	stars        *stars
}

func newLoaders(service *inbox.Service, p inbox.Principal) *loaders {
	return &loaders{
		load: dataloadgen.NewLoader(inOrder(func(ctx context.Context, ids []inbox.MemberID) (map[inbox.MemberID]inbox.Load, error) {
			return service.Loads(ctx, p, ids)
		}), dataloadgen.WithWait(batchWait)),
		contact: dataloadgen.NewLoader(inOrder(func(ctx context.Context, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error) {
			return service.Contacts(ctx, p, ids)
		}), dataloadgen.WithWait(batchWait)),
		conversation: dataloadgen.NewLoader(inOrder(func(ctx context.Context, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
			return service.ConversationsByID(ctx, p, ids)
		}), dataloadgen.WithWait(batchWait)),
		stars: &stars{service: service, principal: p},
		keyUse: dataloadgen.NewLoader(inOrder(func(ctx context.Context, ids []inbox.KeyID) (map[inbox.KeyID]time.Time, error) {
			return service.KeyUses(ctx, p, ids)
		}), dataloadgen.WithWait(batchWait)),
	}
}

// inOrder answers in the order of the keys; a miss is the zero value.
func inOrder[K comparable, V any](find func(context.Context, []K) (map[K]V, error)) func(context.Context, []K) ([]V, []error) {
	return func(ctx context.Context, keys []K) ([]V, []error) {
		found, err := find(ctx, keys)
		if err != nil {
			return nil, []error{err}
		}
		out := make([]V, len(keys))
		for i, key := range keys {
			out[i] = found[key]
		}
		return out, nil
	}
}
