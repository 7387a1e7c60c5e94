// Package webhook sends the records of workspaces' logs to the endpoints of other systems,
// signed as Standard Webhooks says. Engine runs on the one server that holds the lease of
// the duties; which attempt is due, and what becomes of it, is decided in inbox/webhooks.
package webhook
