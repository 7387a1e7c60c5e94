package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *subscriptionResolver) InboxChanges(ctx context.Context, view model.InboxView, after *string) (<-chan *model.InboxChange, error) {
	return r.inboxChanges(ctx, &view, after)
}

func (r *subscriptionResolver) InboxCounts(ctx context.Context, views []*model.InboxView) (<-chan *model.InboxCountsChange, error) {
	return r.inboxCounted(ctx, views)
}

func (r *subscriptionResolver) Workloads(ctx context.Context, teamID *string) (<-chan *model.WorkloadsChange, error) {
	return r.workloads(ctx, teamID)
}
