package resolvers

import (
	"cmp"
	"context"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// madeWebhook is an endpoint with the secret that is shown once, if there is one.
type madeWebhook struct {
	workspace.Webhook
	secret string
}

func (r endpoints) webhookPayload(ctx context.Context) func(*madeWebhook, refusals) *model.WebhookPayload {
	return func(made *madeWebhook, refused refusals) *model.WebhookPayload {
		out := &model.WebhookPayload{UserErrors: refused}
		if made == nil {
			return out
		}
		scopeOf(ctx).loaders.hooks.Clear(made.Workspace)
		shown, err := r.webhook(ctx, scopeOf(ctx), made.Webhook)
		if err == nil { // else it is there, and cannot be shown now
			out.Webhook = shown
		}
		out.Secret = optional(made.secret)
		return out
	}
}

func (r endpoints) createWebhook(ctx context.Context, in model.CreateWebhookInput) (*model.WebhookPayload, error) {
	n := admin.NewWebhook{Name: in.Name, URL: in.URL, Document: value(in.Document), Order: workspace.WebhookOrder(value(in.Order))}
	n.Order = cmp.Or(n.Order, workspace.PerConversation)
	key, err := idOf[workspace.KeyID]("apiKeyId", typeAPIKey, in.APIKeyID)
	err = cmp.Or(scopeOf(ctx).access.Require(workspace.APIKeysManage), err)
	n.Key = key
	n.Records = recordKinds(in.Records)
	if in.Records == nil {
		n.Records = recordsFor(scopeOf(ctx), key)
	}
	place := &model.LogPlace{Now: new(true)}
	if in.From != nil {
		place = in.From
	}
	if err == nil {
		n.From, err = eventLogs{r.Resolver, scopeOf(ctx).access}.placeOf(ctx, "from", *place)
	}
	return runAdmin(ctx, err, func(p inbox.Principal) (made madeWebhook, err error) {
		made.Webhook, made.secret, err = r.Inbox.Webhooks.Create(ctx, p, n, value(in.IdempotencyKey))
		return made, err
	}, r.webhookPayload(ctx))
}

func (r endpoints) updateWebhook(ctx context.Context, in model.UpdateWebhookInput) (*model.WebhookPayload, error) {
	id, err := endpointID(ctx, in.WebhookID)
	u := admin.WebhookUpdate{Webhook: id, Name: in.Name, URL: in.URL, Document: in.Document}
	u.Order = (*workspace.WebhookOrder)(in.Order)
	if in.Records != nil {
		u.Records = recordKinds(in.Records)
	}
	return runAdmin(ctx, err, func(p inbox.Principal) (made madeWebhook, err error) {
		made.Webhook, err = r.Inbox.Webhooks.Update(ctx, p, u)
		return made, err
	}, r.webhookPayload(ctx))
}

func (r endpoints) deleteWebhook(ctx context.Context, webhookID string) (*model.DeleteWebhookPayload, error) {
	id, err := endpointID(ctx, webhookID)
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.Webhook, error) {
		return r.Inbox.Webhooks.Delete(ctx, p, id)
	}, func(w *workspace.Webhook, refused refusals) *model.DeleteWebhookPayload {
		deleted := deletedID(w, func(w workspace.Webhook) string { return GlobalID(typeWebhook, w.ID) })
		return &model.DeleteWebhookPayload{DeletedWebhookID: deleted, UserErrors: refused}
	})
}

func recordKinds(asked []eventlog.Kind) []workspace.RecordKind {
	out := make([]workspace.RecordKind, 0, len(asked))
	for _, k := range asked {
		out = append(out, workspace.RecordKind(k))
	}
	return out
}

// recordsFor are the records that an endpoint of a key is sent unless it asks for others.
func recordsFor(s *scope, key workspace.KeyID) []workspace.RecordKind {
	if s.access.Directory.Keys[key].Role == workspace.RoleIntegration {
		return []workspace.RecordKind{workspace.MessageRecord}
	}
	as, err := s.access.ActingAs(webhooks.Principal(workspace.Webhook{Workspace: s.access.Principal.Workspace, Key: key}))
	if err == nil && eventlog.OnlyFeeds(as) {
		return []workspace.RecordKind{workspace.OwnershipRecord, workspace.MessageRecord}
	}
	return []workspace.RecordKind{workspace.OwnershipRecord, workspace.MessageRecord, workspace.AvailabilityRecord}
}

// endpointID reads the id of an endpoint, once the caller may manage endpoints at all.
func endpointID(ctx context.Context, global string) (workspace.WebhookID, error) {
	id, err := idOf[workspace.WebhookID]("webhookId", typeWebhook, global)
	return id, cmp.Or(scopeOf(ctx).access.Require(workspace.APIKeysManage), err)
}

func (r endpoints) rotateWebhookSecret(ctx context.Context, webhookID string, overlap *int) (*model.WebhookPayload, error) {
	id, err := endpointID(ctx, webhookID)
	return runAdmin(ctx, err, func(p inbox.Principal) (made madeWebhook, err error) {
		made.Webhook, made.secret, err = r.Inbox.Webhooks.Rotate(ctx, p, id, overlapOf(overlap))
		return made, err
	}, r.webhookPayload(ctx))
}

// overlapOf is the time of rotateWebhookSecret. Null is the default of the schema, as for every
// argument that has one: a client passes null for what its user left out.
func overlapOf(seconds *int) time.Duration {
	if seconds == nil {
		return 24 * time.Hour
	}
	return time.Duration(*seconds) * time.Second
}

func (r endpoints) setWebhookState(ctx context.Context, webhookID string, state model.WebhookState) (*model.WebhookPayload, error) {
	id, err := endpointID(ctx, webhookID)
	return runAdmin(ctx, err, func(p inbox.Principal) (made madeWebhook, err error) {
		made.Webhook, err = r.Inbox.Webhooks.SetState(ctx, p, id, workspace.WebhookState(state))
		return made, err
	}, r.webhookPayload(ctx))
}

// ordered is a replay with the number of records in its span.
type ordered struct {
	workspace.WebhookReplay
	events int64
}

func replayPayload(made *ordered, refused refusals) *model.ReplayPayload {
	if made == nil {
		return &model.ReplayPayload{UserErrors: refused}
	}
	return &model.ReplayPayload{Events: int(made.events), ReplayID: &made.ID, UserErrors: refused}
}

func (r endpoints) testWebhook(ctx context.Context, webhookID string) (*model.ReplayPayload, error) {
	id, err := endpointID(ctx, webhookID)
	return runAdmin(ctx, err, func(p inbox.Principal) (ordered, error) {
		test, err := r.Inbox.Webhooks.Test(ctx, p, id)
		return ordered{test, 1}, err
	}, replayPayload)
}

func (r endpoints) replayWebhook(ctx context.Context, in model.ReplayWebhookInput) (*model.ReplayPayload, error) {
	order, err := r.replayOf(ctx, in)
	return runAdmin(ctx, err, func(p inbox.Principal) (made ordered, err error) {
		made.WebhookReplay, made.events, err = r.Inbox.Webhooks.Replay(ctx, p, order, value(in.IdempotencyKey))
		return made, err
	}, replayPayload)
}

func (r endpoints) replayOf(ctx context.Context, in model.ReplayWebhookInput) (out admin.Replay, err error) {
	logs := eventLogs{r.Resolver, scopeOf(ctx).access}
	if out.Webhook, err = endpointID(ctx, in.WebhookID); err != nil {
		return out, err
	}
	if out.From, err = logs.placeOf(ctx, "from", *in.From); err != nil {
		return out, err
	}
	if in.To != nil {
		to, err := logs.placeOf(ctx, "to", *in.To)
		if err != nil {
			return out, err
		}
		out.To = &to
	}
	if out.Parked = in.OnlyState != nil; out.Parked && *in.OnlyState != model.DeliveryStateParked {
		return out, inbox.Invalid("onlyState", "onlyState can be PARKED alone. Leave it out to send everything again.")
	}
	out.Conversations, err = r.replayed(ctx, out.Webhook, in.ConversationIds)
	return out, err
}

// replayed are the conversations that a replay is about. NOT_FOUND for one that the caller
// may not see, once it is known that the caller may send anything again.
func (r endpoints) replayed(ctx context.Context, of workspace.WebhookID, globals []string) (out []string, err error) {
	if globals != nil && len(globals) == 0 { // a list that came out empty is no order to send everything
		return nil, inbox.Invalid("conversationIds",
			"conversationIds is empty. Leave it out to send all conversations again.")
	}
	ids, err := idsOf[inbox.ConversationID]("conversationIds", typeConversation, globals)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	s := scopeOf(ctx)
	if _, err = r.Inbox.Webhooks.Find(ctx, s.access.Principal, of); err != nil {
		return nil, err
	}
	found, err := r.Inbox.Reader.ConversationsByID(ctx, s.access.Principal, ids)
	for _, id := range ids {
		if c, ok := found[id]; err == nil && (!ok || !s.access.Sees(c)) {
			err = inbox.Missing("conversation", "conversationIds")
		}
		out = append(out, string(id))
	}
	return out, err
}
