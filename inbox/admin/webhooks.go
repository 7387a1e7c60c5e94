package admin

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// MaxWebhooks bounds the endpoints of a workspace that are not disabled.
const MaxWebhooks = 25

// Webhooks administers the endpoints to which events are sent. Whoever manages API keys
// manages them: an endpoint acts as a key. B:V12
type Webhooks struct {
	*Service
	WebhookConfig
}

// WebhookConfig is what endpoints need of the world. Without a Gate the installation has no
// webhooks, and creating one is refused.
type WebhookConfig struct {
	Gate WebhookGate
	Log  WebhookLog
	Sent WebhookDeliveries
}

// WebhookDeliveries is what was sent.
type WebhookDeliveries interface {
	// WebhookProgress reads the progress of an endpoint; Rev is 0 when there is none.
	WebhookProgress(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID) (webhooks.Progress, error)
	// WebhookConditions reads what is wrong with endpoints; those with which nothing is are
	// missing.
	WebhookConditions(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.WebhookID) (map[workspace.WebhookID]webhooks.Condition, error)
	// ListDeliveries answers a page, newest first.
	ListDeliveries(ctx context.Context, q webhooks.DeliveryQuery) (inbox.Page[webhooks.Delivery], error)
}

// WebhookGate is what the installation says about endpoints.
type WebhookGate interface {
	// Seal encrypts what is to be stored of a secret.
	Seal(ctx context.Context, secret []byte) ([]byte, error)
	// CheckURL refuses an address that the installation sends nothing to, with
	// INVALID_INPUT.
	CheckURL(url string) error
	// CheckDocument refuses a selection that is not valid or costs too much, with
	// INVALID_INPUT.
	CheckDocument(ctx context.Context, document string) error
	// CheckSelection refuses a valid selection with a field that the key can never read,
	// with INVALID_INPUT that names the field and what the key lacks.
	CheckSelection(key access.Access, document string) error
	// Release is that of the program.
	Release() string
}

// WebhookLog finds places in the log of a workspace.
type WebhookLog interface {
	eventlog.Records
	// Place returns the sequence behind which a place begins. NOT_FOUND, INVALID_INPUT.
	Place(ctx context.Context, ws workspace.WorkspaceID, at eventlog.Place) (eventlog.Sequence, error)
}

// NewWebhooks makes the use cases.
func NewWebhooks(s *Service, c WebhookConfig) *Webhooks { return &Webhooks{s, c} }

// List returns the endpoints by name, which needs apikeys.manage.
func (s *Webhooks) List(ctx context.Context, p inbox.Principal) ([]workspace.Webhook, error) {
	a, err := s.callers.Access(ctx, p)
	if err == nil {
		err = a.Require(workspace.APIKeysManage)
	}
	if err != nil {
		return nil, err
	}
	return a.Directory.SortedWebhooks(), nil
}

// Find returns an endpoint. PERMISSION_DENIED, NOT_FOUND.
func (s *Webhooks) Find(ctx context.Context, p inbox.Principal, id workspace.WebhookID) (workspace.Webhook, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return workspace.Webhook{}, err
	}
	return webhookOf(a, id)
}

func webhookOf(a access.Access, id workspace.WebhookID) (workspace.Webhook, error) {
	if err := a.Require(workspace.APIKeysManage); err != nil {
		return workspace.Webhook{}, err
	}
	w, ok := a.Directory.Webhook(id)
	if !ok {
		return w, inbox.Missing("webhook")
	}
	return w, nil
}

// noWebhooks refuses what needs an installation that sends webhooks.
func noWebhooks(field string) error {
	return inbox.Invalid(field, "This installation sends no webhooks. Its operator turns them on with --webhooks.")
}

func activeWebhooks(a access.Access) (n int) {
	for _, w := range a.Directory.SortedWebhooks() {
		if w.State != workspace.WebhookDisabled {
			n++
		}
	}
	return n
}

func tooManyWebhooks(field string) error {
	return inbox.Invalid(field, "The workspace has %d webhooks, which is as many as it may have. Disable one that is no longer used.", MaxWebhooks)
}

// webhookAmendment records what an act changes of an endpoint, and never its secret.
func webhookAmendment(action audit.AuditAction, before, after workspace.Webhook, more ...audit.AuditField) Amendment {
	var f auditFields
	f.text("name", before.Name, after.Name)
	f.text("url", before.URL, after.URL)
	f.text("apiKey", string(before.Key), string(after.Key))
	f.list("records", recordWords(before.Records), recordWords(after.Records))
	f.text("document", before.Document, after.Document)
	f.text("order", string(before.Order), string(after.Order))
	f.text("state", string(before.State), string(after.State))
	f.text("stateReason", before.StateReason, after.StateReason)
	after.Rev = before.Rev + 1
	target := audit.AuditTarget{Kind: audit.AuditWebhook, ID: string(after.ID), Name: after.Name}
	return Amendment{Changes: []workspace.DirectoryChange{{Webhook: &after}}, Action: action, Target: target, Fields: append(f, more...)}
}

func recordWords(kinds []workspace.RecordKind) []string {
	out := make([]string, 0, len(kinds))
	for _, k := range kinds {
		out = append(out, string(k))
	}
	slices.Sort(out)
	return out
}
