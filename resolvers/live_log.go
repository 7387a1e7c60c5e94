package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox/eventlog"
)

func (r eventLogs) follow(
	ctx context.Context, filter *model.EventLogFilter, from *model.LogPlace, after *string,
) (<-chan *model.LoggedEvent, error) {
	if err := eventlog.MayRead(r.access); err != nil {
		return nil, err
	}
	wanted, err := logFilterOf(filter)
	if err != nil {
		return nil, err
	}
	start := func(ctx context.Context) (eventlog.Sequence, error) {
		return r.start(ctx, from, after, eventlog.Place{Now: true})
	}
	st, err := r.streams.EventLog(ctx, r.request(ctx, nil), wanted, start)
	return deliver(ctx, r.Resolver, st, err, loggedOf)
}

func loggedOf(_ context.Context, d delivered[eventlog.Item]) (*model.LoggedEvent, error) {
	return logged(d.scope, d.Body, d.cursor), nil
}
