package resolvers

import (
	"context"
	"switchboard/graph/model"
	"switchboard/inbox/eventlog"
)

func (r *assignmentEventResolver) Sequence(ctx context.Context, obj *model.AssignmentEvent) (*eventlog.Sequence, error) {
	return sequenceOf(ctx, r.Resolver, string(obj.Logged))
}

func (r *messageResolver) LogSequence(ctx context.Context, obj *model.Message) (*eventlog.Sequence, error) {
	return sequenceOf(ctx, r.Resolver, string(obj.Logged))
}

func (r *queryResolver) EventLog(ctx context.Context, filter *model.EventLogFilter, from *model.LogPlace, after *string, first *int, before *string, last *int) (*model.EventLogConnection, error) {
	return eventLogs{r.Resolver, scopeOf(ctx).access}.page(ctx, filter, from, pageArgs{first, last, after, before})
}

func (r *subscriptionResolver) EventLog(ctx context.Context, filter *model.EventLogFilter, from *model.LogPlace, after *string) (<-chan *model.LoggedEvent, error) {
	a, err := r.request(ctx, after).Rights(ctx)
	if err != nil {
		return nil, err
	}
	return eventLogs{r.Resolver, a}.follow(ctx, filter, from, after)
}
