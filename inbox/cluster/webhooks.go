package cluster

import "context"

// WebhookKeys keeps the key with which the secrets of webhook endpoints are sealed.
type WebhookKeys interface {
	// WebhookKey returns 32 bytes, which are made when first asked for and stay: unlike
	// cursors, the secrets of endpoints do not end by themselves.
	WebhookKey(ctx context.Context) ([]byte, error)
}
