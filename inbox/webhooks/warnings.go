package webhooks

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Condition is what the deliveries of an endpoint say is wrong with it.
type Condition struct {
	// Failing says that it is only probed.
	Failing bool
	// Parked says that events were given up. Replays and tests that failed do not count:
	// nothing sends them again.
	Parked bool
}

// Warnings lists what whoever manages an endpoint should know of it now; rest is what Rest
// returns of it. An endpoint that a person disabled has none. What is parked is no warning
// about a disabled endpoint, to which nothing can be replayed; nor is failing about one that
// is sent nothing, as it is paused or rests. B:V12
func Warnings(w workspace.Webhook, rest string, now Condition) (out []inbox.Warning) {
	if w.State == workspace.WebhookDisabled {
		if w.StateReason != "" {
			out = append(out, inbox.WarnWebhookDisabled)
		}
		return out
	}
	if rest == RestKeyExpired {
		out = append(out, inbox.WarnWebhookDisabled)
	}
	if now.Failing && rest == "" && w.State == workspace.WebhookActive {
		out = append(out, inbox.WarnWebhookFailing)
	}
	if now.Parked {
		out = append(out, inbox.WarnWebhookParked)
	}
	return out
}
