package document

import (
	"fmt"
	"net/url"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// WebhookProgress is how far an endpoint has got.
type WebhookProgress struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Webhook   workspace.WebhookID   `bson:"webhook"`
	Delivered int64                 `bson:"delivered"`
	Last      int64                 `bson:"last"`
	Health    webhooks.Health       `bson:"health"` // its fields in lower case
	Replays   map[string]int64      `bson:"replays,omitempty"`
	// ReplaysLast is missing in what an earlier version wrote.
	ReplaysLast map[string]int64 `bson:"replaysLast,omitempty"`
	Ended       []string         `bson:"ended,omitempty"`
	Rev         int              `bson:"rev"`
}

// OfWebhookProgress is the document of p.
func OfWebhookProgress(p webhooks.Progress) WebhookProgress {
	return WebhookProgress{ID: WebhookProgressID(p.Workspace, p.Webhook), Workspace: p.Workspace, Webhook: p.Webhook, Delivered: p.Delivered, Last: p.Last, Health: p.Health, Replays: p.Replays, ReplaysLast: p.ReplaysLast, Ended: p.Ended, Rev: p.Rev}
}

// Progress is the progress of the document.
func (d WebhookProgress) Progress() webhooks.Progress {
	return webhooks.Progress{Workspace: d.Workspace, Webhook: d.Webhook, Delivered: d.Delivered, Last: d.Last, Health: d.Health, Replays: d.Replays, ReplaysLast: d.ReplaysLast, Ended: d.Ended, Rev: d.Rev}
}

// WebhookProgressID is unique to one workspace.
func WebhookProgressID(ws workspace.WorkspaceID, w workspace.WebhookID) string {
	prefix, _ := WorkspacePrefix(ws)
	return prefix + string(w)
}

// Delivery is one event on its way to one endpoint.
type Delivery struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Webhook   workspace.WebhookID   `bson:"webhook"`
	Record    string                `bson:"record"`
	Kind      eventlog.Kind         `bson:"kind"`
	Sequence  int64                 `bson:"sequence"`
	Behind    int64                 `bson:"behind,omitempty"`
	Previous  int64                 `bson:"previous"`
	Replay    string                `bson:"replay"`
	Lane      string                `bson:"lane"`
	State     webhooks.State        `bson:"state"`
	Step      int                   `bson:"step"`
	Attempts  []attemptDoc          `bson:"attempts,omitempty"`
	NextAt    time.Time             `bson:"nextAt"`
}

type attemptDoc struct {
	At     time.Time     `bson:"at"`
	Status int           `bson:"status"`
	Took   time.Duration `bson:"took"`
	Error  string        `bson:"error,omitempty"`
	Body   string        `bson:"body,omitempty"`
}

// OfDelivery is the document of d.
func OfDelivery(d webhooks.Delivery) Delivery {
	out := Delivery{
		ID: DeliveryID(d.Workspace, d.Webhook, d.Place(), d.Replay), Workspace: d.Workspace, Webhook: d.Webhook, Record: d.Record, Kind: d.Kind,
		Sequence: d.Sequence, Behind: d.Behind, Previous: d.Previous, Replay: d.Replay, Lane: d.Lane, State: d.State, Step: d.Step, NextAt: d.NextAt,
	}
	for _, a := range d.Attempts {
		out.Attempts = append(out.Attempts, attemptDoc(a))
	}
	return out
}

// Delivery is the delivery of the document.
func (d Delivery) Delivery() webhooks.Delivery {
	out := webhooks.Delivery{
		Workspace: d.Workspace, Webhook: d.Webhook, Record: d.Record, Kind: d.Kind,
		Sequence: d.Sequence, Behind: d.Behind, Previous: d.Previous, Replay: d.Replay, Lane: d.Lane, State: d.State, Step: d.Step, NextAt: d.NextAt,
	}
	for _, a := range d.Attempts {
		out.Attempts = append(out.Attempts, webhooks.Attempt(a))
	}
	return out
}

// Position is where the delivery stands in the list of its endpoint.
func (d Delivery) Position(string) inbox.PageCursor {
	return inbox.PageCursor{Sequence: int(d.Delivery().Place()), ID: d.Replay}
}

// DeliveryPrefix begins the ids of the deliveries of an endpoint. All of them are before
// end.
func DeliveryPrefix(ws workspace.WorkspaceID, w workspace.WebhookID) (prefix, end string) {
	first, _ := WorkspacePrefix(ws)
	return first + url.PathEscape(string(w)) + "/", first + url.PathEscape(string(w)) + "0"
}

// FirstTimeSuffix ends the ids of the deliveries that no replay sent.
const FirstTimeSuffix = "/"

// DeliveryID sorts the deliveries of an endpoint by place, then by replay.
func DeliveryID(ws workspace.WorkspaceID, w workspace.WebhookID, place int64, replay string) string {
	prefix, _ := DeliveryPrefix(ws, w)
	return fmt.Sprintf("%s%020d/%s", prefix, place, replay)
}
