package resolvers

import (
	"encoding/json"

	"switchboard/cloudevent"
	"switchboard/inbox/workspace"
)

// CloudEvents makes what other systems are sent of the log, with the ids of the API.
func CloudEvents() cloudevent.Maker {
	return cloudevent.Maker{GlobalID: func(typeName, id string) string { return GlobalID(typeName, id) }}
}

// testID is what a test has in place of the id of an event.
func testID(order string) string { return "test_" + order }

// WebhookTest is what an endpoint is sent by a test.
func WebhookTest(w workspace.Webhook, r workspace.WebhookReplay) cloudevent.Event {
	return cloudevent.Event{
		ID: testID(r.ID), Type: "webhook.test", At: r.At,
		Subject: GlobalID(typeWebhook, w.ID), Workspace: GlobalID(typeWorkspace, w.Workspace), Data: json.RawMessage(`{"kind":"TEST"}`),
	}
}
