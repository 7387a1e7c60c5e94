package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// WebhookUpdate holds the arguments of updateWebhook. What is nil stays as it is.
type WebhookUpdate struct {
	Webhook             workspace.WebhookID
	Name, URL, Document *string
	Records             []workspace.RecordKind
	Order               *workspace.WebhookOrder
}

// over returns the endpoint as it would be.
func (u WebhookUpdate) over(w workspace.Webhook, release string, now time.Time) workspace.Webhook {
	if u.URL != nil && *u.URL != w.URL {
		w.AddressAt = now
	}
	w.Name, w.URL = given(u.Name, w.Name), given(u.URL, w.URL)
	w.Order = given(u.Order, w.Order)
	if u.Records != nil {
		w.Records = u.Records
	}
	if u.Document != nil && *u.Document != w.Document {
		w.Document, w.Release = *u.Document, release
	}
	return w
}

func given[T any](to *T, from T) T {
	if to == nil {
		return from
	}
	return *to
}

// Update changes an endpoint. The caller must hold the permissions of its key, as for
// Create: another address or selection shows what the key may see to somebody else. Events
// that wait go to the new address. Errors are those of Find, PLAN_REQUIRED, NOT_FOUND for a
// key that was revoked, and INVALID_INPUT.
func (s *Webhooks) Update(ctx context.Context, p inbox.Principal, u WebhookUpdate) (workspace.Webhook, error) {
	if _, err := s.Find(ctx, p, u.Webhook); err != nil {
		return workspace.Webhook{}, err
	}
	if s.Gate == nil {
		return workspace.Webhook{}, noWebhooks("webhookId")
	}
	if err := s.checkUpdate(ctx, u); err != nil {
		return workspace.Webhook{}, err
	}
	now := s.base.Clock()
	return s.change(ctx, p, "updateWebhook", "", nil, u.Webhook, func(a access.Access, w workspace.Webhook) (Amendment, error) {
		after := u.over(w, s.Gate.Release(), now)
		n := NewWebhook{Name: after.Name, URL: after.URL, Key: after.Key, Records: after.Records, Document: after.Document}
		out := webhookAmendment(audit.AuditWebhookUpdate, w, after)
		if len(out.Fields) == 0 { // what is so already is not written
			out = Amendment{Changes: []workspace.DirectoryChange{{Webhook: &w}}}
		}
		err := checkWebhookKey(a, n)
		if err == nil && (u.Document != nil || u.Records != nil) {
			err = s.checkShown(a, n)
		}
		return out, err
	})
}

// checkUpdate asks the installation about what is new alone: an address that it would no
// longer accept does not keep anybody from giving the endpoint another name.
func (s *Webhooks) checkUpdate(ctx context.Context, u WebhookUpdate) error {
	if u.Name != nil {
		if err := inbox.CheckLine("name", *u.Name, MaxWebhookName); err != nil {
			return err
		}
	}
	if u.URL != nil {
		if err := s.checkURL(*u.URL); err != nil {
			return err
		}
	}
	if u.Document == nil {
		return nil
	}
	return s.checkDocument(ctx, *u.Document)
}

// Delete removes an endpoint with its secrets, for ever. Nothing more is sent to it, and
// what was sent is in no list any longer. Errors are those of Find.
func (s *Webhooks) Delete(ctx context.Context, p inbox.Principal, id workspace.WebhookID) (workspace.Webhook, error) {
	now := s.base.Clock()
	return s.change(ctx, p, "deleteWebhook", "", nil, id, func(_ access.Access, w workspace.Webhook) (Amendment, error) {
		gone := audit.AuditField{Field: "url", From: w.URL}
		return webhookAmendment(audit.AuditWebhookDelete, w, deletedWebhook(w, now), gone), nil
	})
}

// deletedWebhook keeps what the audit log and past changes name.
func deletedWebhook(w workspace.Webhook, now time.Time) workspace.Webhook {
	w.Removed, w.State, w.StateReason, w.StateAt = true, workspace.WebhookDisabled, "", now
	w.Secrets, w.Replays, w.Document = nil, nil, ""
	return w
}
