package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/services"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// hookWarnings reads the warnings about endpoints once for a response.
type hookWarnings = loader[workspace.WorkspaceID, []admin.WebhookWarning]

func newHookWarnings(service *services.Services, p inbox.Principal) *hookWarnings {
	return newLoader(func(ctx context.Context, _ []workspace.WorkspaceID) (map[workspace.WorkspaceID][]admin.WebhookWarning, error) {
		found, err := service.Webhooks.Warnings(ctx, p)
		return map[workspace.WorkspaceID][]admin.WebhookWarning{p.Workspace: found}, err
	})
}

// webhookWarnings name the endpoint that each is about, and say what to do.
func webhookWarnings(ctx context.Context, s *scope) ([]*model.Warning, error) {
	all, err := s.loaders.hooks.Load(ctx, s.access.Principal.Workspace)
	var out []*model.Warning
	for _, w := range all {
		text := warningText(w.Warning)
		if w.Warning == inbox.WarnWebhookDisabled {
			text += " " + afterEnd(w.Reason)
		}
		out = append(out, &model.Warning{Code: w.Warning, Message: "Webhook " + w.Webhook.Name + ": " + text})
	}
	return out, err
}

// afterEnd says why the server sends an endpoint nothing, and what to do.
func afterEnd(reason string) string {
	switch reason {
	case webhooks.EndKeyRevoked:
		return "Its API key was revoked. Create a webhook with another key on the page /webhooks, and delete this one."
	case webhooks.RestKeyExpired:
		return "Its API key expired. Give the key a later end by setApiKeyExpiry: it goes on by itself behind what was " +
			"delivered last. Otherwise turn it off on the page /webhooks."
	case webhooks.EndGone:
		return "It answered with status 410. Turn it on on the page /webhooks if it wants events again, or delete it."
	case webhooks.EndFailing:
		return "It did nothing but fail for 5 days. Repair it, then turn it on on the page /webhooks: it goes on behind what was delivered last."
	case webhooks.EndSecretLost:
		return "Its secret cannot be read any longer. Rotate the secret on the page /webhooks, then turn it on."
	}
	return "Look at it on the page /webhooks, and turn it on or delete it."
}
