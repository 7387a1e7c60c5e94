package webhooks

import (
	"time"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// The reasons for which the program disables an endpoint.
const (
	EndKeyRevoked = "KEY_REVOKED"
	// EndGone means that the endpoint answered with status 410, EndFailing that it did
	// nothing but fail for 5 days, EndSecretLost that its secret cannot be unsealed.
	EndGone       = "GONE"
	EndFailing    = "FAILING"
	EndSecretLost = "SECRET_LOST"
)

// The reasons for which an endpoint that is ACTIVE is sent nothing. They are not stored:
// when they pass, it goes on behind what was delivered last.
const (
	// RestKeyExpired means that the end of its API key has come, which may be moved, RestPlan
	// that the plan does not include it.
	RestKeyExpired = "KEY_EXPIRED"
	RestPlan       = "PLAN"
)

// EndReasons lists the reasons for which the program disables an endpoint.
func EndReasons() []string { return []string{EndKeyRevoked, EndGone, EndFailing, EndSecretLost} }

// Rest returns why an endpoint of the caller's workspace is sent nothing for now although
// it is ACTIVE; empty if it is, or if its key was revoked, which ends it.
func Rest(a access.Access, w workspace.Webhook, now time.Time) string {
	k, valid := a.Directory.Key(w.Key)
	switch {
	case w.State != workspace.WebhookActive || !valid:
		return ""
	case k.Expired(now):
		return RestKeyExpired
	case Included(a, k, w.Records) != nil:
		return RestPlan
	}
	return ""
}
