package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

const (
	// MaxSecretOverlap is the longest time for which two secrets sign.
	MaxSecretOverlap = 30 * 24 * time.Hour
	// maxWebhookSecrets bounds the secrets that sign at once.
	maxWebhookSecrets = 5
)

// Rotate gives an endpoint another secret, which is returned here and never again. Until
// the overlap is over, the one before signs too. Errors are those of Find, and
// INVALID_INPUT.
func (s *Webhooks) Rotate(ctx context.Context, p inbox.Principal, id workspace.WebhookID, overlap time.Duration) (workspace.Webhook, string, error) {
	if err := inbox.CheckSeconds("overlapSeconds", overlap, 0, MaxSecretOverlap); err != nil {
		return workspace.Webhook{}, "", err
	}
	if s.Gate == nil {
		return workspace.Webhook{}, "", noWebhooks("webhookId")
	}
	raw, now := webhooks.DrawMaterial(), s.base.Clock()
	material, _ := webhooks.MaterialOf(raw)
	sealed, err := s.Gate.Seal(ctx, raw)
	if err != nil {
		return workspace.Webhook{}, "", err
	}
	w, err := s.change(ctx, p, "rotateWebhookSecret", "", nil, id, func(_ access.Access, w workspace.Webhook) (Amendment, error) {
		return rotateWebhook(w, material.Secret(sealed, now), overlap)
	})
	if err != nil {
		return w, "", err
	}
	return w, material.Shown(), nil
}

func rotateWebhook(w workspace.Webhook, next workspace.WebhookSecret, overlap time.Duration) (Amendment, error) {
	after, end := w, next.Since.Add(overlap)
	after.Secrets = []workspace.WebhookSecret{next}
	for _, s := range w.Signing(next.Since) {
		if s.Until.IsZero() || s.Until.After(end) {
			s.Until = end
		}
		if s.Until.After(next.Since) {
			after.Secrets = append(after.Secrets, s)
		}
	}
	if len(after.Secrets) > maxWebhookSecrets {
		return Amendment{}, inbox.Invalid("webhookId", "The webhook has %d secrets that sign, which is the most. Wait until the overlap of one is over.", maxWebhookSecrets)
	}
	return webhookAmendment(audit.AuditWebhookRotate, w, after, audit.AuditField{Field: "secret", From: w.Secrets[0].Hint, To: next.Hint}), nil
}

// SetState turns an endpoint on or off, or pauses it. One that is turned on goes on behind
// what it was sent last: pausing loses nothing. Errors are those of Find, PLAN_REQUIRED
// and INVALID_INPUT.
func (s *Webhooks) SetState(ctx context.Context, p inbox.Principal, id workspace.WebhookID, to workspace.WebhookState) (workspace.Webhook, error) {
	now := s.base.Clock()
	return s.change(ctx, p, "setWebhookState", "", nil, id, func(a access.Access, w workspace.Webhook) (Amendment, error) {
		if err := checkWebhookState(a, w, to, now); err != nil {
			return Amendment{}, err
		}
		return stateOfWebhook(w, to, "", now), nil
	})
}

func checkWebhookState(a access.Access, w workspace.Webhook, to workspace.WebhookState, now time.Time) error {
	switch to {
	case workspace.WebhookPaused, workspace.WebhookDisabled:
		return nil
	case workspace.WebhookFailing:
		return inbox.Invalid("state", "FAILING is found out by sending, and cannot be set. Set ACTIVE, PAUSED or DISABLED.")
	case workspace.WebhookActive:
	}
	k, ok := a.Directory.Key(w.Key)
	if !ok {
		return inbox.Invalid("state", "The API key of the webhook was revoked. Create a webhook with another key.")
	}
	if err := keyHasEnded("state", k, now); err != nil {
		return err
	}
	if w.State == workspace.WebhookDisabled && activeWebhooks(a) >= MaxWebhooks {
		return tooManyWebhooks("state")
	}
	return webhooks.Included(a, k, w.Records)
}

func stateOfWebhook(w workspace.Webhook, to workspace.WebhookState, reason string, now time.Time) Amendment {
	after := w
	after.State, after.StateReason = to, reason
	if to != w.State {
		after.StateAt = now
	}
	return webhookAmendment(audit.AuditWebhookState, w, after)
}

// End disables an endpoint because of what sending to it showed, when it was as judged. It
// does nothing to one that is disabled, or was changed since: somebody may have turned it
// on again or given it another secret, and whoever sends judges it anew.
func (s *Webhooks) End(ctx context.Context, judged workspace.Webhook, reason string) error {
	now, p := s.base.Clock(), inbox.Principal{Workspace: judged.Workspace, Actor: workspace.System()}
	_, err := s.change(ctx, p, "endWebhook", "", nil, judged.ID, func(_ access.Access, w workspace.Webhook) (Amendment, error) {
		if w.State == workspace.WebhookDisabled || w.Rev != judged.Rev {
			return Amendment{Changes: []workspace.DirectoryChange{{Webhook: &w}}}, nil
		}
		return stateOfWebhook(w, workspace.WebhookDisabled, reason, now), nil
	})
	return err
}

// change makes one act on an endpoint.
func (s *Webhooks) change(ctx context.Context, p inbox.Principal, name, key string, args any, id workspace.WebhookID, do func(access.Access, workspace.Webhook) (Amendment, error)) (workspace.Webhook, error) {
	done, err := s.administer(ctx, p, act{name: name, key: key, args: args, decide: func(a access.Access) (Amendment, error) {
		w, err := webhookOf(a, id)
		if err != nil {
			return Amendment{}, err
		}
		return do(a, w)
	}})
	if err != nil {
		return workspace.Webhook{}, err
	}
	return *done.Webhook, nil
}
