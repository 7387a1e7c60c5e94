package main

import (
	"context"

	"switchboard/inbox"
	"switchboard/resolvers"
	"switchboard/transport"

	"github.com/99designs/gqlgen/graphql"
)

var _ transport.Shared = (*resolvers.Shared)(nil)

// share lets transport ask resolvers which subscriptions can be executed once.
func share(service *inbox.Service) func(context.Context, *graphql.OperationContext) transport.Shared {
	sharing := resolvers.NewSharing(service)
	return func(_ context.Context, operation *graphql.OperationContext) transport.Shared {
		if shared := sharing.Share(operation); shared != nil {
			return shared
		}
		return nil // and not a nil *resolvers.Shared
	}
}
