package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/live/follow"
)

func (r *Resolver) liveNotifications(ctx context.Context) (<-chan *model.Notification, error) {
	st, err := r.streams.Notifications(ctx, r.request(ctx, nil))
	return deliver(ctx, r, st, err, func(_ context.Context, d delivered[follow.Notification]) (*model.Notification, error) {
		shown := d.scope.notification(d.Body.NotificationView)
		shown.Gone = d.Body.Gone
		return shown, nil
	})
}
