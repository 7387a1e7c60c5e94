package admin

import (
	"cmp"
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// WebhookWarning is a warning about an endpoint.
type WebhookWarning struct {
	inbox.Warning
	Webhook workspace.Webhook
	// Reason is why it is sent nothing, for a warning that says so.
	Reason string
}

// Warnings lists what is wrong with endpoints now, by the name of the endpoint and at most
// once for each code. It is empty for callers without apikeys.manage, and reads nothing for
// them. B:V12
func (s *Webhooks) Warnings(ctx context.Context, p inbox.Principal) ([]WebhookWarning, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil || a.Require(workspace.APIKeysManage) != nil {
		return nil, err
	}
	all := a.Directory.SortedWebhooks()
	found, err := s.conditions(ctx, a, all)
	if err != nil {
		return nil, err
	}
	var out []WebhookWarning
	for _, w := range all {
		rest := webhooks.Rest(a, w, s.base.Clock())
		for _, code := range webhooks.Warnings(w, rest, found[w.ID]) {
			out = append(out, WebhookWarning{code, w, cmp.Or(w.StateReason, rest)})
		}
	}
	return out, nil
}

// conditions asks the store once, for the endpoints that are not disabled: MaxWebhooks at
// most.
func (s *Webhooks) conditions(ctx context.Context, a access.Access, all []workspace.Webhook) (map[workspace.WebhookID]webhooks.Condition, error) {
	var ids []workspace.WebhookID
	for _, w := range all {
		if w.State != workspace.WebhookDisabled {
			ids = append(ids, w.ID)
		}
	}
	if len(ids) == 0 || s.Sent == nil {
		return nil, nil
	}
	return s.Sent.WebhookConditions(ctx, a.Principal.Workspace, ids)
}
