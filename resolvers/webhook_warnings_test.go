package resolvers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// hook makes an endpoint of the space.
func (w *space) hook(name string) workspace.Webhook {
	w.t.Helper()
	made, _, err := w.service.Webhooks.Create(w.t.Context(), w.principal("owner"), admin.NewWebhook{
		Name: name, URL: "https://crm.example.test/", Key: w.key("partner"), Records: []workspace.RecordKind{workspace.OwnershipRecord}, Order: workspace.PerConversation,
	}, "")
	require.NoError(w.t, err)
	return made
}

// hookFares is what a server that sends would write of an endpoint.
func (w *space) hookFares(hook workspace.Webhook, h webhooks.Health, all ...webhooks.Delivery) {
	w.t.Helper()
	for i := range all {
		all[i].Workspace, all[i].Webhook, all[i].Record, all[i].Kind = w.id, hook.ID, "e", "OWNERSHIP"
	}
	progress, err := w.store.WebhookProgress(w.t.Context(), w.id, hook.ID)
	require.NoError(w.t, err)
	progress.Rev++
	progress.Health = h
	require.NoError(w.t, w.store.SaveWebhookProgress(w.t.Context(), progress, all...))
}

const hookWarnings = `{ workspace { warnings { code message team { id } } } viewer { workspace { warnings { code } } } }`

// warnings are those of the workspace, each as its code and the endpoint that it names.
func (c *client) hookWarnings(names ...string) []string {
	c.t.Helper()
	got := c.do(hookWarnings, nil)
	all, _ := got.at("workspace.warnings").([]any)
	out := []string{}
	for _, w := range all {
		message, _ := dig(c.t, w, "message").(string)
		i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(message, "Webhook "+n+": ") })
		require.GreaterOrEqual(c.t, i, 0, message)
		require.Contains(c.t, message, "/webhooks", "it says where to act")
		require.NotContains(c.t, message, "%")
		code, _ := dig(c.t, w, "code").(string)
		out = append(out, code+" "+names[i])
	}
	require.Equal(c.t, column(c.t, got.at("workspace.warnings"), "code"), column(c.t, got.at("viewer.workspace.warnings"), "code"))
	return out
}

// Whoever manages API keys is warned of endpoints as they are now, each once for a code and
// by one read for a response; nobody else is warned, and nothing is read for them. B:V12
func TestTheWorkspaceWarnsOfWebhooks(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		boss := w.as("owner")
		require.Zero(t, w.watched.during(func() { require.Empty(t, boss.hookWarnings()) })["WebhookConditions"], "there is no endpoint")

		failing := webhooks.Health{Failures: 50, Since: time.Now()}
		fails, parks, both, paused, off := w.hook("fails"), w.hook("parks"), w.hook("both"), w.hook("paused"), w.hook("off")
		names := []string{"fails", "parks", "both", "paused", "off"}
		w.hookFares(fails, failing)
		w.hookFares(parks, webhooks.Health{}, webhooks.Delivery{Sequence: 1, State: webhooks.Parked}, webhooks.Delivery{Sequence: 2, State: webhooks.Parked})
		w.hookFares(both, failing, webhooks.Delivery{Sequence: 1, State: webhooks.Parked})
		w.hookFares(paused, failing, webhooks.Delivery{Sequence: 1, State: webhooks.Parked, Replay: "r"}, webhooks.Delivery{State: webhooks.Parked, Replay: "test"})
		w.hookFares(off, failing, webhooks.Delivery{Sequence: 1, State: webhooks.Parked})
		w.hookState(paused, "PAUSED")
		w.hookState(off, "DISABLED")
		for _, reason := range webhooks.EndReasons() {
			ended := w.hook("ended " + reason)
			names = append(names, ended.Name)
			require.NoError(t, w.service.Webhooks.End(t.Context(), ended, reason))
		}
		want := []string{"WEBHOOK_FAILING both", "WEBHOOK_PARKED both"}
		for _, reason := range slices.Sorted(slices.Values(webhooks.EndReasons())) {
			want = append(want, "WEBHOOK_DISABLED ended "+reason)
		}
		want = append(want, "WEBHOOK_FAILING fails", "WEBHOOK_PARKED parks")
		calls := w.watched.during(func() { require.Equal(t, want, boss.hookWarnings(names...)) })
		require.Equal(t, 1, calls["WebhookConditions"], "one read for the response")
		for _, who := range []string{"manager", "agent1", "observer"} {
			require.Zero(t, w.watched.during(func() { require.Empty(t, w.as(who).hookWarnings()) })["WebhookConditions"], who)
		}
		require.Empty(t, s.newSpace(t, "total", nil).as("owner").hookWarnings(), "another workspace")

		w.hookFares(fails, webhooks.Health{})
		w.hookFares(parks, webhooks.Health{}, webhooks.Delivery{Sequence: 1, State: webhooks.Delivered}, webhooks.Delivery{Sequence: 2, State: webhooks.Delivered})
		require.NotContains(t, strings.Join(boss.hookWarnings(names...), ","), "s,", "what is over is warned of no longer")
		w.hookFares(fails, failing, webhooks.Delivery{Sequence: 1, State: webhooks.Parked})
		boss.act("setPlan", object{"plan": "pro"})
		codes := column(t, boss.do(hookWarnings, nil).at("workspace.warnings"), "code")
		require.NotContains(t, codes, string(inbox.WarnWebhookFailing), "above the plan nothing is sent")
		require.Contains(t, codes, string(inbox.WarnWebhookParked))
	})
}

func (w *space) hookState(hook workspace.Webhook, to workspace.WebhookState) {
	w.t.Helper()
	_, err := w.service.Webhooks.SetState(w.t.Context(), w.principal("owner"), hook.ID, to)
	require.NoError(w.t, err)
}

// The audit log has what the program disabled, by the system and with the reason. B:V12
func TestTheAuditLogHasTheEndOfAWebhook(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		for _, reason := range webhooks.EndReasons() {
			hook := w.hook(reason)
			require.NoError(t, w.service.Webhooks.End(t.Context(), hook, reason))
			entries := w.as("owner").audited(object{"actions": []string{"webhook.state"}, "targetId": resolvers.GlobalID("WebhookEndpoint", hook.ID)})
			require.Len(t, entries, 1, reason)
			requireMatch(t, object{"action": "webhook.state", "refused": false, "changes": []any{
				object{"field": "state", "from": "ACTIVE", "to": "DISABLED"}, object{"field": "stateReason", "from": nil, "to": reason},
			}}, entries[0], reason)
			require.Equal(t, "SystemActor", dig(t, entries[0], "actor.__typename"))
		}
	})
}
