package admin

import (
	"cmp"
	"context"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

const (
	// MaxWebhookName is the longest name of an endpoint, in characters.
	MaxWebhookName = 100
	// MaxWebhookURL is the longest address, in bytes.
	MaxWebhookURL = 2_000
	// MaxWebhookDocument is the longest selection, in bytes.
	MaxWebhookDocument = 8_000
)

// NewWebhook holds the arguments of createWebhook.
type NewWebhook struct {
	Name, URL string
	Key       workspace.KeyID
	Records   []workspace.RecordKind
	Document  string
	Order     workspace.WebhookOrder
	// From is where the first event is looked for.
	From eventlog.Place
}

// Create makes an endpoint that is sent events from now on, or from an earlier place. The
// secret is returned here and never again: a repeat with the same idempotency key returns
// the endpoint without it. Errors are those of a.Require for apikeys.manage, PLAN_REQUIRED,
// NOT_FOUND and INVALID_INPUT.
func (s *Webhooks) Create(ctx context.Context, p inbox.Principal, n NewWebhook, key string) (w workspace.Webhook, secret string, err error) {
	raw := webhooks.DrawMaterial()
	material, _ := webhooks.MaterialOf(raw)
	made, err := s.draft(ctx, p, n, raw, material)
	if err != nil {
		return w, "", err
	}
	done, err := s.administer(ctx, p, act{name: "createWebhook", key: key, args: n, decide: func(a access.Access) (Amendment, error) {
		return webhookAmendment(audit.AuditWebhookCreate, workspace.Webhook{}, made), s.checkNewWebhook(a, n, made.CreatedAt)
	}})
	if err != nil {
		return w, "", err
	}
	if w = *done.Webhook; w.ID == made.ID {
		secret = material.Shown()
	}
	return w, secret, nil
}

// draft is the endpoint as it would be, once everything was checked that is not about the
// caller's rights.
func (s *Webhooks) draft(ctx context.Context, p inbox.Principal, n NewWebhook, raw []byte, m webhooks.Material) (workspace.Webhook, error) {
	a, err := s.callers.Access(ctx, p)
	if err == nil {
		err = a.Require(workspace.APIKeysManage)
	}
	if err == nil {
		err = s.checkInstallation(ctx, n)
	}
	if err != nil {
		return workspace.Webhook{}, err
	}
	from, err := s.Log.Place(ctx, p.Workspace, n.From)
	if err != nil {
		return workspace.Webhook{}, err
	}
	sealed, err := s.Gate.Seal(ctx, raw)
	now := s.base.Clock()
	return workspace.Webhook{
		ID: workspace.WebhookID(s.base.NewID()), Workspace: p.Workspace, Name: n.Name, URL: n.URL, Key: n.Key, Records: n.Records,
		Document: n.Document, Release: s.Gate.Release(), Order: n.Order, State: workspace.WebhookActive,
		Secrets: []workspace.WebhookSecret{m.Secret(sealed, now)}, From: int64(from), CreatedAt: now, CreatedBy: p.Actor, StateAt: now,
	}, err
}

func (s *Webhooks) checkInstallation(ctx context.Context, n NewWebhook) error {
	if s.Gate == nil || s.Log == nil {
		return noWebhooks("url")
	}
	return cmp.Or(s.checkURL(n.URL), s.checkDocument(ctx, n.Document))
}

func (s *Webhooks) checkURL(url string) error {
	if len(url) > MaxWebhookURL {
		return inbox.Invalid("url", "url is longer than %d bytes.", MaxWebhookURL)
	}
	if err := inbox.CheckOneLine("url", url); err != nil {
		return err
	}
	return s.Gate.CheckURL(url)
}

func (s *Webhooks) checkDocument(ctx context.Context, document string) error {
	switch {
	case document == "":
		return nil
	case len(document) > MaxWebhookDocument:
		return inbox.Invalid("document", "document is longer than %d bytes.", MaxWebhookDocument)
	}
	return s.Gate.CheckDocument(ctx, document)
}

func (s *Webhooks) checkNewWebhook(a access.Access, n NewWebhook, now time.Time) error {
	err := cmp.Or(
		a.Require(workspace.APIKeysManage), inbox.CheckLine("name", n.Name, MaxWebhookName), checkWebhookKey(a, n),
	)
	if err != nil {
		return err
	}
	if err := keyHasEnded("apiKeyId", a.Directory.Keys[n.Key], now); err != nil {
		return err
	}
	if err := s.checkShown(a, n); err != nil {
		return err
	}
	if activeWebhooks(a) >= MaxWebhooks {
		return tooManyWebhooks("name")
	}
	return nil
}

// keyHasEnded refuses a key as which nothing can be sent now.
func keyHasEnded(field string, k workspace.APIKey, now time.Time) error {
	if !k.Expired(now) {
		return nil
	}
	return inbox.Invalid(field,
		"The API key expired at %s. Give it a later end first, by setApiKeyExpiry.", instant(k.ExpiresAt))
}

// checkWebhookKey demands a valid key whose permissions the caller holds: the endpoint is
// shown what the key sees.
func checkWebhookKey(a access.Access, n NewWebhook) error {
	k, ok := a.Directory.Key(n.Key)
	switch {
	case !ok:
		return inbox.Missing("API key")
	case len(n.Records) == 0 || len(slices.Compact(slices.Sorted(slices.Values(n.Records)))) < len(n.Records):
		return inbox.Invalid("records", "Name the records that the endpoint is sent, each once.")
	case k.Role == workspace.RoleIntegration && !slices.Equal(n.Records, []workspace.RecordKind{workspace.MessageRecord}):
		return inbox.Invalid("records", "A key with the role integration is sent MESSAGE records alone. Name these, or use the key of a partner.")
	}
	return cmp.Or(webhooks.Included(a, k, n.Records), holdsAll(a, k.Permissions))
}

// checkShown demands that the key can read what the endpoint asks for: a payload that is
// null for ever would be noticed by nobody.
func (s *Webhooks) checkShown(a access.Access, n NewWebhook) error {
	key, err := a.ActingAs(webhooks.Principal(workspace.Webhook{Workspace: a.Principal.Workspace, Key: n.Key}))
	switch {
	case inbox.CodeOf(err) == inbox.PlanRequired: // it is sent nothing before the plan includes such keys
		return nil
	case err != nil:
		return err
	}
	if code := inbox.CodeOf(eventlog.MayRead(key)); code == inbox.PermissionDenied {
		return inbox.Invalid("apiKeyId", "The API key may view no conversations and feeds none, so that it would be sent nothing. "+
			"Use a key with the permission view, such as view:livechat:ALL.")
	}
	if eventlog.OnlyFeeds(key) && slices.ContainsFunc(n.Records, neverFed) {
		return inbox.Invalid("records",
			"The API key lacks the permission view, so that it can be sent OWNERSHIP and MESSAGE records alone.")
	}
	if n.Document == "" {
		return nil
	}
	return s.Gate.CheckSelection(key, n.Document)
}

// neverFed reports whether keys that only feed are shown no record of the kind.
func neverFed(k workspace.RecordKind) bool {
	return k == workspace.AvailabilityRecord || k == workspace.ContactRecord
}
