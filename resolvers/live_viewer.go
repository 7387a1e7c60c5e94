package resolvers

import (
	"context"

	"switchboard/graph/model"
)

func (r *Resolver) viewerChanges(ctx context.Context) (<-chan *model.Viewer, error) {
	st, err := r.streams.Viewer(ctx, r.request(ctx, nil))
	return deliver(ctx, r, st, err, func(ctx context.Context, d delivered[struct{}]) (*model.Viewer, error) { return d.scope.viewer(ctx) })
}
