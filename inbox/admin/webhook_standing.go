package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// WebhookStanding is how far an endpoint has got.
type WebhookStanding struct {
	// Delivered is the sequence up to which everything is settled.
	Delivered int64
	// Behind is how many records of the log come after it, and Oldest when the first of
	// them was made; zero for none.
	Behind  int64
	Oldest  time.Time
	Failing bool
	// Replays has the sequence up to which each replay is settled, and Ended those that are
	// over.
	Replays map[string]int64
	Ended   []string
	// Rest is why it is sent nothing for now, as webhooks.Rest returns it.
	Rest string
}

// Standing returns how far an endpoint has got. Errors are those of Find.
func (s *Webhooks) Standing(ctx context.Context, p inbox.Principal, id workspace.WebhookID) (out WebhookStanding, err error) {
	w, err := s.Find(ctx, p, id)
	if err != nil || s.Log == nil {
		return WebhookStanding{Delivered: w.From}, err
	}
	progress, err := s.Sent.WebhookProgress(ctx, p.Workspace, id)
	if err != nil {
		return out, err
	}
	if progress.Rev == 0 {
		progress = webhooks.Begun(w)
	}
	bounds, err := s.Log.Bounds(ctx, p.Workspace)
	if err != nil {
		return out, err
	}
	out = WebhookStanding{
		Delivered: progress.Delivered, Behind: max(0, int64(bounds.Newest)-progress.Delivered),
		Failing: progress.Health.Failing(), Replays: progress.Replays, Ended: progress.Ended,
	}
	out.Rest, err = s.rest(ctx, p, w)
	if err != nil || out.Behind == 0 {
		return out, err
	}
	first, err := s.Log.Read(ctx, p.Workspace, eventlog.Sequence(progress.Delivered), 1)
	if err == nil && len(first) > 0 {
		out.Oldest = first[0].At
	}
	return out, err
}

func (s *Webhooks) rest(ctx context.Context, p inbox.Principal, w workspace.Webhook) (string, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return "", err
	}
	return webhooks.Rest(a, w, s.base.Clock()), nil
}

// Deliveries lists what was sent to an endpoint, the newest first. Errors are those of
// Find.
func (s *Webhooks) Deliveries(ctx context.Context, p inbox.Principal, q webhooks.DeliveryQuery) (inbox.Page[webhooks.Delivery], error) {
	if _, err := s.Find(ctx, p, q.Webhook); err != nil || s.Sent == nil {
		return inbox.Page[webhooks.Delivery]{}, err
	}
	q.Workspace = p.Workspace
	return s.Sent.ListDeliveries(ctx, q)
}
