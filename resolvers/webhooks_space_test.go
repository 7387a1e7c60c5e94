package resolvers_test

import (
	"context"
	"strings"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/live/logtail"
	"switchboard/resolvers"
)

// gateOfTests lets every https address and every document pass.
type gateOfTests struct{}

func (gateOfTests) Seal(_ context.Context, secret []byte) ([]byte, error) { return secret[:1], nil }

func (gateOfTests) CheckURL(url string) error {
	if !strings.HasPrefix(url, "https://") {
		return inbox.Invalid("url", "url must begin with https://.")
	}
	return nil
}

func (gateOfTests) CheckDocument(context.Context, string) error { return nil }

func (gateOfTests) CheckSelection(access.Access, string) error { return nil }

func (gateOfTests) Release() string { return "tests" }

// logOfTests finds places in logs.
type logOfTests struct {
	*eventlog.Service
	tail *logtail.Tail
}

func (l logOfTests) Place(ctx context.Context, ws workspace.WorkspaceID, at eventlog.Place) (eventlog.Sequence, error) {
	return l.After(ctx, ws, at, l.tail)
}

// webhook is the global id of an endpoint of the space that was sent some events.
func (w *space) webhook() string {
	w.t.Helper()
	require.Eventually(w.t, func() bool { // what is replayed has its number
		got, err := w.service.Log.Read(w.t.Context(), w.id, 0, 1)
		return err == nil && len(got) > 0
	}, patience, tick)
	all, err := w.service.Webhooks.List(w.t.Context(), w.principal("owner"))
	require.NoError(w.t, err)
	if len(all) > 0 {
		return resolvers.GlobalID("WebhookEndpoint", all[0].ID)
	}
	made, _, err := w.service.Webhooks.Create(w.t.Context(), w.principal("owner"), admin.NewWebhook{
		Name: "CRM", URL: "https://crm.example.test/", Key: w.key("partner"), Records: []workspace.RecordKind{workspace.OwnershipRecord}, Order: workspace.PerConversation,
	}, "")
	require.NoError(w.t, err)
	var sent []webhooks.Delivery
	for n := range int64(7) {
		sent = append(sent, webhooks.Delivery{Workspace: w.id, Webhook: made.ID, Record: "e", Kind: eventlog.Ownership, Sequence: n + 1, State: webhooks.Delivered})
	}
	require.NoError(w.t, w.store.SaveWebhookProgress(w.t.Context(), webhooks.Progress{Workspace: w.id, Webhook: made.ID, Delivered: 7, Rev: 1}, sent...))
	return resolvers.GlobalID("WebhookEndpoint", made.ID)
}
