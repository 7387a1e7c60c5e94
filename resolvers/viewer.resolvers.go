package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *subscriptionResolver) ViewerChanges(ctx context.Context) (<-chan *model.Viewer, error) {
	return r.viewerChanges(ctx)
}
