package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *subscriptionResolver) ViewerChanges(ctx context.Context) (<-chan *model.Viewer, error) {
	st, err := r.streams.Viewer(ctx, r.request(ctx, nil))
	return deliver(ctx, r.Resolver, st, err, liveViewerOf)
}
