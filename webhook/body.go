package webhook

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"switchboard/cloudevent"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// Payload is what a record is to an endpoint.
type Payload struct {
	cloudevent.Event
	// Selected is what the endpoint's document selects; nil for the Data of the event.
	Selected json.RawMessage
}

// maxBody bounds a body, in bytes. A selection that makes it longer is replaced by the Data of the
// event.
const maxBody = 20 << 10

// envelope is the body of a request.
type envelope struct {
	Type      string `json:"type"`
	ID        string `json:"id"`
	Timestamp string `json:"timestamp"`
	Workspace string `json:"workspace"`
	// Sequence is null for a test, Previous for the first event.
	Sequence  *int64          `json:"sequence"`
	Previous  *int64          `json:"previous"`
	Release   string          `json:"release"`
	Truncated bool            `json:"truncated,omitempty"`
	Data      json.RawMessage `json:"data"`
}

func number(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

// bodyOf encodes a payload.
func bodyOf(p Payload, w workspace.Webhook, sequence, previous int64) ([]byte, error) {
	e := envelope{
		Type: p.Type, ID: p.ID, Timestamp: p.At.UTC().Format(time.RFC3339Nano), Workspace: p.Workspace,
		Sequence: number(sequence), Previous: number(previous), Release: w.Release, Data: p.Data,
	}
	if p.Selected != nil {
		e.Data = p.Selected
	}
	body, err := json.Marshal(e)
	if err == nil && len(body) > maxBody {
		e.Truncated, e.Data = true, p.Data
		body, err = json.Marshal(e)
	}
	return body, err
}

// request is one attempt before it is signed.
type request struct {
	payload  Payload
	body     []byte
	sequence int64
	replay   string
}

// header is that of Standard Webhooks, with the attributes of CloudEvents in binary mode.
func (r request) header(secrets []webhooks.Material, at time.Time) http.Header {
	h := http.Header{}
	set := func(name, value string) {
		if value != "" {
			h[http.CanonicalHeaderKey(name)] = []string{value}
		}
	}
	set("content-type", "application/json; charset=utf-8")
	set("user-agent", "Switchboard-Webhooks/1")
	set("webhook-id", r.payload.ID)
	set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	set("webhook-signature", signatures(secrets, r.payload.ID, at, r.body))
	set("webhook-replay", r.replay)
	set("ce-specversion", "1.0")
	set("ce-id", r.payload.ID)
	set("ce-source", r.payload.Source())
	set("ce-type", r.payload.Type)
	set("ce-time", r.payload.At.UTC().Format(time.RFC3339Nano))
	set("ce-subject", r.payload.Subject)
	if r.sequence > 0 {
		set("ce-sequence", strconv.FormatInt(r.sequence, 10))
	}
	return h
}
