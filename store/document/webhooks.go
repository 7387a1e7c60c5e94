package document

import (
	"time"

	"switchboard/inbox/workspace"
)

// Webhook is an endpoint as the directory keeps it.
type Webhook struct {
	ID          workspace.WebhookID    `bson:"_id"`
	Workspace   workspace.WorkspaceID  `bson:"workspace"`
	Name        string                 `bson:"name"`
	URL         string                 `bson:"url"`
	Key         workspace.KeyID        `bson:"key"`
	Records     []workspace.RecordKind `bson:"records"`
	Document    string                 `bson:"document,omitempty"`
	Release     string                 `bson:"release"`
	Order       workspace.WebhookOrder `bson:"order"`
	State       workspace.WebhookState `bson:"state"`
	StateReason string                 `bson:"stateReason,omitempty"`
	Secrets     []webhookSecretDoc     `bson:"secrets"`
	From        int64                  `bson:"from"`
	Replays     []webhookReplayDoc     `bson:"replays,omitempty"`
	CreatedAt   time.Time              `bson:"createdAt"`
	CreatedBy   actorDoc               `bson:"createdBy"`
	StateAt     time.Time              `bson:"stateAt"`
	AddressAt   time.Time              `bson:"addressAt,omitempty"`
	Removed     bool                   `bson:"removed,omitempty"`
	Rev         int                    `bson:"rev"`
}

type webhookSecretDoc struct {
	Sealed    []byte    `bson:"sealed"`
	Hint      string    `bson:"hint"`
	PublicKey string    `bson:"publicKey"`
	Since     time.Time `bson:"since"`
	Until     time.Time `bson:"until"`
}

type webhookReplayDoc struct {
	ID            string    `bson:"id"`
	From          int64     `bson:"from"`
	To            int64     `bson:"to"`
	Parked        bool      `bson:"parked,omitempty"`
	Conversations []string  `bson:"conversations,omitempty"`
	Test          bool      `bson:"test,omitempty"`
	At            time.Time `bson:"at"`
	By            actorDoc  `bson:"by"`
}

// OfWebhook is the document of w.
func OfWebhook(w workspace.Webhook) Webhook {
	d := Webhook{
		ID: w.ID, Workspace: w.Workspace, Name: w.Name, URL: w.URL, Key: w.Key, Records: w.Records, Document: w.Document, Release: w.Release,
		Order: w.Order, State: w.State, StateReason: w.StateReason, From: w.From,
		CreatedAt: w.CreatedAt, CreatedBy: actorDoc(w.CreatedBy), StateAt: w.StateAt, AddressAt: w.AddressAt,
		Removed: w.Removed, Rev: w.Rev,
	}
	for _, s := range w.Secrets {
		d.Secrets = append(d.Secrets, webhookSecretDoc(s))
	}
	for _, r := range w.Replays {
		d.Replays = append(d.Replays, webhookReplayDoc{r.ID, r.From, r.To, r.Parked, r.Conversations, r.Test, r.At, actorDoc(r.By)})
	}
	return d
}

// Webhook is the endpoint of the document.
func (d Webhook) Webhook() workspace.Webhook {
	w := workspace.Webhook{
		ID: d.ID, Workspace: d.Workspace, Name: d.Name, URL: d.URL, Key: d.Key, Records: d.Records, Document: d.Document, Release: d.Release,
		Order: d.Order, State: d.State, StateReason: d.StateReason, From: d.From,
		CreatedAt: d.CreatedAt, CreatedBy: workspace.Actor(d.CreatedBy), StateAt: d.StateAt, AddressAt: d.AddressAt,
		Removed: d.Removed, Rev: d.Rev,
	}
	for _, s := range d.Secrets {
		w.Secrets = append(w.Secrets, workspace.WebhookSecret(s))
	}
	for _, r := range d.Replays {
		w.Replays = append(w.Replays, workspace.WebhookReplay{
			ID: r.ID, From: r.From, To: r.To, Parked: r.Parked, Conversations: r.Conversations, Test: r.Test, At: r.At, By: workspace.Actor(r.By),
		})
	}
	return w
}
