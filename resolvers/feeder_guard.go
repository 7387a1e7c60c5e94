package resolvers

import "context"

type feedsOnlyKey struct{}

// feedsOnly reports whether an API key asks that may view no conversations.
func feedsOnly(ctx context.Context) bool {
	only, _ := ctx.Value(feedsOnlyKey{}).(bool)
	return only
}
