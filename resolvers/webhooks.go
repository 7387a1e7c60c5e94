package resolvers

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// endpoints are the resolvers of webhook endpoints.
type endpoints struct{ *Resolver }

// webhook shows an endpoint, with how far it has got.
func (r endpoints) webhook(ctx context.Context, s *scope, w workspace.Webhook) (*model.WebhookEndpoint, error) {
	at, err := r.Inbox.Webhooks.Standing(ctx, s.access.Principal, w.ID)
	if err != nil {
		return nil, err
	}
	out := &model.WebhookEndpoint{
		ID: GlobalID(typeWebhook, w.ID), Name: w.Name, URL: w.URL, APIKey: s.apiKey(s.access.Directory.Keys[w.Key]), Filter: []eventlog.Kind{},
		Document: w.Document, SchemaRelease: w.Release, Order: model.WebhookOrder(w.Order), State: model.WebhookState(w.State), StateReason: optional(w.StateReason),
		SecretHints: []string{}, Delivered: sequence(at.Delivered), Behind: int(at.Behind), OldestUndelivered: since(at.Oldest), Revision: w.Rev, Source: w,
		Replays: replaysOf(w, at),
	}
	for _, k := range w.Records {
		out.Filter = append(out.Filter, eventlog.Kind(k))
	}
	for i, secret := range w.Signing(time.Now()) {
		if i == 0 {
			out.PublicKey = optional(secret.PublicKey)
		}
		out.SecretHints = append(out.SecretHints, secret.Hint)
	}
	switch {
	case w.State != workspace.WebhookActive:
	case at.Rest != "":
		out.StateReason = optional(at.Rest)
	case at.Failing:
		out.State = model.WebhookStateFailing
	}
	return out, nil
}

func sequence(n int64) *eventlog.Sequence {
	if n == 0 {
		return nil
	}
	return new(eventlog.Sequence(n))
}

// since is null for no time.
func since(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func (r endpoints) webhookNode(ctx context.Context, s *scope, id workspace.WebhookID) (model.Node, error) {
	w, err := r.Inbox.Webhooks.Find(ctx, s.access.Principal, id)
	if err != nil {
		return nil, err
	}
	return r.webhook(ctx, s, w)
}

func (r endpoints) webhooks(ctx context.Context, args pageArgs) (*model.WebhookConnection, error) {
	s := scopeOf(ctx)
	all, err := r.Inbox.Webhooks.List(ctx, s.access.Principal)
	if err != nil {
		return nil, err
	}
	l := r.listOf(s.access.Principal.Workspace, "webhooks")
	page, err := pageByName(l, all, func(w workspace.Webhook) named { return named{w.Name, string(w.ID)} }, args.first, args.after)
	if err != nil {
		return nil, err
	}
	out := &model.WebhookConnection{}
	var failed error
	out.Edges, out.Nodes, out.PageInfo = connect(page,
		func(w workspace.Webhook) string { return l.cursor(w.Name, string(w.ID)) },
		func(w workspace.Webhook) *model.WebhookEndpoint {
			shown, err := r.webhook(ctx, s, w)
			if err != nil {
				failed = err
			}
			return shown
		},
		func(at string, n *model.WebhookEndpoint) *model.WebhookEdge {
			return &model.WebhookEdge{Cursor: at, Node: n}
		})
	return out, failed
}

// firstTime stands in cursors for no replay.
const firstTime = "first"

func (r endpoints) deliveries(ctx context.Context, obj *model.WebhookEndpoint, state *model.DeliveryState, args pageArgs) (*model.DeliveryConnection, error) {
	s := scopeOf(ctx)
	q := webhooks.DeliveryQuery{Webhook: obj.Source.ID, State: webhooks.State(value(state))}
	l := r.listOf(s.access.Principal.Workspace, "deliveries", q.Webhook, q.State)
	var err error
	if q.Page, err = args.request(l); err != nil {
		return nil, err
	}
	if after := q.Page.After; after != nil && after.ID == firstTime {
		after.ID = ""
	}
	found, err := r.Inbox.Webhooks.Deliveries(ctx, s.access.Principal, q)
	if err != nil {
		return nil, err
	}
	out := &model.DeliveryConnection{}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(d webhooks.Delivery) string {
			return l.placed(inbox.PageCursor{Sequence: int(d.Place()), ID: cmp.Or(d.Replay, firstTime)})
		}, delivery,
		func(at string, n *model.Delivery) *model.DeliveryEdge {
			return &model.DeliveryEdge{Cursor: at, Node: n}
		})
	return out, nil
}

// delivery shows one delivery.
func delivery(d webhooks.Delivery) *model.Delivery {
	out := &model.Delivery{
		ID: string(d.Webhook) + "/" + strconv.FormatInt(d.Sequence, 10) + "/" + d.Replay, EventID: CloudEvents().ID(d.Kind, d.Record), Sequence: sequence(d.Sequence),
		State: model.DeliveryState(d.State), Replay: d.Replay != "", NextAttemptAt: since(d.NextAt), Attempts: []*model.DeliveryAttempt{},
	}
	for _, a := range d.Attempts {
		one := &model.DeliveryAttempt{At: a.At, Millis: int(a.Took.Milliseconds()), Error: optional(a.Error)}
		if a.Status != 0 {
			one.Status, one.BodyStart = &a.Status, &a.Body
		}
		out.Attempts = append(out.Attempts, one)
	}
	if d.Sequence == 0 {
		out.EventID = testID(d.Record)
	}
	return out
}
