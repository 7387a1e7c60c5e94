package webhooks

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Store keeps how far endpoints have got.
type Store interface {
	// WebhookWorkspaces lists the workspaces that have endpoints.
	WebhookWorkspaces(ctx context.Context) ([]workspace.WorkspaceID, error)
	// WebhookProgress reads the progress of an endpoint; Rev is 0 when there is none.
	WebhookProgress(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID) (Progress, error)
	// WebhookConditions reads what is wrong with endpoints of a workspace; those with which
	// nothing is are missing.
	WebhookConditions(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.WebhookID) (map[workspace.WebhookID]Condition, error)
	// SaveWebhookProgress replaces the progress, whose Rev must be one more than the stored
	// one (ErrStale otherwise), and writes deliveries with it, all or nothing.
	SaveWebhookProgress(ctx context.Context, p Progress, deliveries ...Delivery) error
	// DeliveriesBehind lists deliveries of an endpoint and a replay, or of none, behind a
	// sequence, in order, at most limit.
	DeliveriesBehind(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID, replay string, behind int64, limit int) ([]Delivery, error)
	// ListDeliveries answers a page by Delivery.Place, the greatest first, and at one place the
	// replays and tests first.
	ListDeliveries(ctx context.Context, q DeliveryQuery) (inbox.Page[Delivery], error)
	// ForgetDeliveries removes deliveries whose place is before a sequence: up to limit that
	// were delivered or skipped, and up to limit replays and tests that were parked, as nothing
	// sends these again. It returns how many.
	ForgetDeliveries(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID, before int64, limit int) (int, error)
}

// DeliveryQuery asks for deliveries of an endpoint.
type DeliveryQuery struct {
	Workspace workspace.WorkspaceID
	Webhook   workspace.WebhookID
	// State, unless empty, is the only one that is listed.
	State State
	// Page is forwards alone. Its cursor has, as Sequence, the place and, as ID, the Replay.
	Page inbox.PageRequest
}
