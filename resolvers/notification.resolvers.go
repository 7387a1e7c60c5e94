package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
)

func (r *mutationResolver) MarkNotificationsRead(ctx context.Context, input model.MarkNotificationsReadInput) (*model.MarkNotificationsReadPayload, error) {
	return r.markNotificationsRead(ctx, input)
}

func (r *notificationConnectionResolver) TotalCount(ctx context.Context, obj *model.NotificationConnection) (int, error) {
	return r.Inbox.Notify.CountNotifications(ctx, scopeOf(ctx).access.Principal, obj.UnreadOnly)
}

func (r *notificationConnectionResolver) UnreadCount(ctx context.Context, obj *model.NotificationConnection) (int, error) {
	return r.Inbox.Notify.CountNotifications(ctx, scopeOf(ctx).access.Principal, true)
}

func (r *queryResolver) Notifications(ctx context.Context, unreadOnly *bool, first *int, after *string) (*model.NotificationConnection, error) {
	return r.notifications(ctx, value(unreadOnly), pageArgs{first: first, after: after})
}

func (r *subscriptionResolver) Notifications(ctx context.Context) (<-chan *model.Notification, error) {
	st, err := r.streams.Notifications(ctx, r.request(ctx, nil))
	return deliver(ctx, r.Resolver, st, err, liveNotificationOf)
}

func (r *Resolver) NotificationConnection() graph.NotificationConnectionResolver {
	return &notificationConnectionResolver{r}
}

type notificationConnectionResolver struct{ *Resolver }
