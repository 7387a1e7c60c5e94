package resolvers

import (
	"context"
	"switchboard/graph/model"
	"switchboard/inbox/workspace"
)

func (r *subscriptionResolver) InboxChanges(ctx context.Context, view model.InboxView, after *string) (<-chan *model.InboxChange, error) {
	wanted, _, err := r.viewIn(ctx, &view, nil)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.View(ctx, r.request(ctx, after), wanted)
	return deliver(ctx, r.Resolver, st, err, inboxChangeOf)
}

func (r *subscriptionResolver) InboxCounts(ctx context.Context, views []*model.InboxView) (<-chan *model.InboxCountsChange, error) {
	wanted, err := r.viewsOf(ctx, views)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Counts(ctx, r.request(ctx, nil), wanted)
	return deliver(ctx, r.Resolver, st, err, countsChangeOf)
}

func (r *subscriptionResolver) Workloads(ctx context.Context, teamID *string) (<-chan *model.WorkloadsChange, error) {
	team, err := optionalID[workspace.TeamID]("teamId", typeTeam, teamID)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Workloads(ctx, r.request(ctx, nil), team)
	return deliver(ctx, r.Resolver, st, err, workloadsChangeOf)
}
