package resolvers_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const shownHook = `query($id: ID!) { node(id: $id) { ... on WebhookEndpoint {
	name url order filter document revision replays { id test from to onlyParked settled over } } } }`

// An endpoint shows what was changed of it, and how far each replay has got; a deleted one
// is not found, and its name is free. B:V12
func TestEndpointsAreChangedAndShowTheirReplays(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		w.chat() // the log has something to send again
		boss, id := w.as("owner"), w.webhook()
		shown := func() object {
			found, ok := boss.do(shownHook, vars{"id": id}).at("node").(object)
			require.True(t, ok)
			return found
		}
		before := shown()
		boss.act("updateWebhook", object{"webhookId": id, "name": "ERP", "order": "NONE", "records": []string{"MESSAGE"}, "document": "{ sequence }"})
		after := shown()
		requireMatch(t, object{"name": "ERP", "order": "NONE", "filter": []any{"MESSAGE"}, "document": "{ sequence }", "url": before["url"]}, after, "webhook")
		require.NotEqual(t, before["revision"], after["revision"])
		boss.act("updateWebhook", object{"webhookId": id, "name": "ERP"})
		require.Equal(t, after, shown(), "what is so already is not written")
		boss.act("updateWebhook", object{"webhookId": id, "document": ""})
		require.Empty(t, shown()["document"])

		replay := dig(t, boss.act("replayWebhook", object{"webhookId": id, "from": object{"sequence": "1"}, "onlyState": "PARKED"}), "replayId")
		boss.do(`mutation($id: ID!) { testWebhook(webhookId: $id) { replayId } }`, vars{"id": id})
		w.sentUpTo(replay, 3)
		replays, _ := shown()["replays"].([]any)
		require.Len(t, replays, 2)
		test, parked := replays[0], replays[1]
		requireMatch(t, object{"test": true, "from": nil, "to": nil, "settled": nil, "over": true}, test, "test")
		requireMatch(t, object{"id": replay, "test": false, "from": "1", "onlyParked": true, "settled": "3", "over": false}, parked, "replay")

		sent := boss.do(
			`query($id: ID!) { node(id: $id) { ... on WebhookEndpoint { deliveries { nodes { eventId } } } } }`, vars{"id": id})
		order, _ := dig(t, test, "id").(string)
		require.Contains(t, sent.at("node.deliveries.nodes"), object{"eventId": "test_" + order}, "webhook-id of the attempt")

		deleted := boss.do(`mutation($id: ID!) { payload: deleteWebhook(webhookId: $id) { deletedWebhookId userErrors { code } } }`, vars{"id": id})
		require.Equal(t, id, deleted.at("payload.deletedWebhookId"))
		require.Equal(t, "NOT_FOUND", boss.do(shownHook, vars{"id": id}).code())
		require.Empty(t, boss.do(`{ webhooks { nodes { id } } }`, nil).at("webhooks.nodes"))
	})
}

// sentUpTo is what a server that sends would write: the newest order is over, and a replay
// has come to a sequence.
func (w *space) sentUpTo(replay any, sequence int64) {
	w.t.Helper()
	all, err := w.service.Webhooks.List(w.t.Context(), w.principal("owner"))
	require.NoError(w.t, err)
	orders := all[0].Replays
	id, _ := replay.(string)
	progress, err := w.store.WebhookProgress(w.t.Context(), w.id, all[0].ID)
	require.NoError(w.t, err)
	progress.Rev++
	progress.Replays, progress.Ended = map[string]int64{id: sequence}, []string{newest(orders).ID}
	test := webhooks.Delivery{
		Workspace: w.id, Webhook: all[0].ID, Record: newest(orders).ID, Replay: newest(orders).ID, State: webhooks.Delivered,
	}
	require.NoError(w.t, w.store.SaveWebhookProgress(w.t.Context(), progress, test))
}

func newest(orders []workspace.WebhookReplay) workspace.WebhookReplay { return orders[len(orders)-1] }

// Whatever is done to an endpoint while somebody deletes it, and read it before, the endpoint
// is gone afterwards. B:V12
func TestNothingBringsADeletedWebhookBack(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		owner := w.principal("owner")
		for round := range 5 {
			hook := w.hook(fmt.Sprint("hook ", round))
			var all sync.WaitGroup
			for _, do := range []func() error{
				func() error { _, err := w.service.Webhooks.Delete(t.Context(), owner, hook.ID); return err },
				func() error {
					_, err := w.service.Webhooks.Update(t.Context(), owner, admin.WebhookUpdate{Webhook: hook.ID, Name: new("other")})
					return err
				},
				func() error { _, err := w.service.Webhooks.SetState(t.Context(), owner, hook.ID, "PAUSED"); return err },
				func() error { _, err := w.service.Webhooks.Test(t.Context(), owner, hook.ID); return err },
				func() error { return w.service.Webhooks.End(t.Context(), hook, "GONE") },
			} {
				all.Go(func() {
					if code := inbox.CodeOf(do()); code != "" && code != inbox.NotFound && code != inbox.InvalidInput {
						t.Errorf("refused with %s", code)
					}
				})
			}
			all.Wait()
			stored, err := s.store.Directory(t.Context(), w.id)
			require.NoError(t, err)
			require.True(t, stored.Webhooks[hook.ID].Removed)
		}
	})
}

// An endpoint whose key has expired says so, is ACTIVE, and goes on when the key gets a later
// end; whoever manages keys is warned meanwhile. B:V12
func TestAnEndpointOfAnExpiredKeySaysSo(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		boss, hook := w.as("owner"), w.hook("crm")
		ends := func(at any) {
			boss.do(setExpiry, vars{"id": resolvers.GlobalID("ApiKey", hook.Key), "at": at}).ok()
		}
		state := func() []any {
			shown := boss.do(`{ webhooks { nodes { state stateReason } } }`, nil).at("webhooks.nodes")
			return []any{column(t, shown, "state")[0], column(t, shown, "stateReason")[0]}
		}
		ends(time.Now().Add(time.Second).UTC().Format(time.RFC3339Nano))
		require.Eventually(t, func() bool { return state()[1] == "KEY_EXPIRED" }, patience, 50*time.Millisecond)
		require.Equal(t, "ACTIVE", state()[0])
		require.Equal(t, []string{"WEBHOOK_DISABLED crm"}, boss.hookWarnings("crm"))
		boss.act("setPlan", object{"plan": "pro"})
		require.Equal(t, "KEY_EXPIRED", state()[1])
		ends(nil)
		require.Equal(t, []any{"ACTIVE", "PLAN"}, state())
		boss.act("setPlan", object{"plan": "total"})
		require.Equal(t, []any{"ACTIVE", ""}, state())
		require.Empty(t, boss.hookWarnings("crm"))
	})
}

// A list of conversations that came out empty is refused: it is no order to send everything
// again. B:V12
func TestNoConversationsAreNotAllConversations(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		w.chat()
		order := object{"webhookId": w.webhook(), "from": object{"sequence": "1"}, "conversationIds": []string{}}
		require.Equal(t, "INVALID_INPUT", w.as("owner").refusedAct("replayWebhook", order))
		order["conversationIds"] = nil
		w.as("owner").act("replayWebhook", order)
	})
}

// A place that is refused is named as the caller named it.
func TestARefusedPlaceOfAReplayNamesItsArgument(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		w.chat()
		hook, good := w.webhook(), object{"sequence": "1"}
		for _, argument := range []string{"from", "to"} {
			for field, value := range map[string]any{"sequence": "9999", "at": time.Now().Add(time.Hour), "now": false, "eventId": "?"} {
				order := object{"webhookId": hook, "from": good, "to": good}
				order[argument] = object{field: value}
				refused := w.as("owner").do(`mutation($in: ReplayWebhookInput!) { replayWebhook(input: $in) { userErrors { field } } }`, vars{"in": order})
				all, _ := refused.at("replayWebhook.userErrors").([]any)
				require.Len(t, all, 1, refused.text)
				require.Equal(t, []any{argument, field}, dig(t, all[0], "field"))
			}
		}
	})
}
