package main

import (
	"context"

	"switchboard/inbox/services"
	"switchboard/live/feed"
	"switchboard/resolvers"
	"switchboard/transport/fanout"

	"github.com/99designs/gqlgen/graphql"
)

var _ fanout.Shared = (*resolvers.Shared)(nil)

// share lets transport ask resolvers which subscriptions can be executed once.
func share(service *services.Services, hub *feed.Hub) func(context.Context, *graphql.OperationContext) fanout.Shared {
	sharing := resolvers.NewSharing(service, hub)
	return func(_ context.Context, operation *graphql.OperationContext) fanout.Shared {
		if shared := sharing.Share(operation); shared != nil {
			return shared
		}
		return nil // and not a nil *resolvers.Shared
	}
}
