package workspace

import (
	"slices"
	"time"
)

// WebhookID names a webhook endpoint.
type WebhookID string

// RecordKind is a kind of record of a workspace's log, which an endpoint asks for. B:V12
type RecordKind string

// The kinds of record.
const (
	OwnershipRecord    RecordKind = "OWNERSHIP"
	MessageRecord      RecordKind = "MESSAGE"
	AvailabilityRecord RecordKind = "AVAILABILITY"
	ContactRecord      RecordKind = "CONTACT"
)

// RecordKinds lists every kind of record.
func RecordKinds() []RecordKind {
	return []RecordKind{OwnershipRecord, MessageRecord, AvailabilityRecord, ContactRecord}
}

// WebhookOrder is the order in which an endpoint gets its events.
type WebhookOrder string

// The orders. Under PerConversation an event waits until the one before it in the same
// conversation was delivered or parked.
const (
	PerConversation WebhookOrder = "PER_CONVERSATION"
	AnyOrder        WebhookOrder = "NONE"
)

// WebhookState is what people, or the end of their patience, set an endpoint to. Whether
// it fails right now is no part of it: that is known to the server that delivers.
type WebhookState string

// The states of an endpoint. Failing is derived, and cannot be set.
const (
	WebhookActive   WebhookState = "ACTIVE"
	WebhookPaused   WebhookState = "PAUSED"
	WebhookFailing  WebhookState = "FAILING"
	WebhookDisabled WebhookState = "DISABLED"
)

// Webhook is an endpoint of another system, to which events are sent. It sees what its
// API key may see at the moment of each attempt.
type Webhook struct {
	ID        WebhookID
	Workspace WorkspaceID
	Name      string
	URL       string
	// Key is the API key as which the endpoint is sent events.
	Key     KeyID
	Records []RecordKind
	// Document is the GraphQL selection that makes the payload; empty for the default.
	Document string
	// Release is that of the program when the document was checked.
	Release string
	Order   WebhookOrder
	State   WebhookState
	// StateReason says why the state was set by the program; empty for what people set.
	StateReason string
	// Secrets sign, the newest first. They are sealed.
	Secrets []WebhookSecret
	// From is the sequence behind which the endpoint's first event stands.
	From int64
	// Replays are the last that were asked for, the oldest first.
	Replays   []WebhookReplay
	CreatedAt time.Time
	CreatedBy Actor
	// StateAt is when State was set.
	StateAt time.Time
	// AddressAt is when URL was changed last; zero if it is as it was made.
	AddressAt time.Time
	// Removed says that it was deleted. It is DISABLED then, and has no secret.
	Removed bool
	Rev     int
}

// WebhookSecret is one secret of an endpoint: 32 bytes for the symmetric signature and
// 32 bytes from which the key of the asymmetric one is made.
type WebhookSecret struct {
	// Sealed is both, encrypted for the servers of the installation.
	Sealed []byte
	// Hint is the end of the symmetric secret as it was shown, to tell it from others.
	Hint string
	// PublicKey verifies the asymmetric signature, as Standard Webhooks writes it.
	PublicKey string
	// Since is when it began to sign, Until when it no longer does; zero for the newest.
	Since, Until time.Time
}

// WebhookReplay is an order to send events again. Its events keep their ids.
type WebhookReplay struct {
	ID string
	// From and To are the first and the last sequence; both are included.
	From, To int64
	// Parked takes only events that were parked.
	Parked bool
	// Conversations are those whose events are sent; empty for all.
	Conversations []string
	// Test sends one event that no conversation has. From and To are 0.
	Test bool
	At   time.Time
	By   Actor
}

// Signing returns the secrets that sign at a time, the newest first.
func (w Webhook) Signing(now time.Time) []WebhookSecret {
	var out []WebhookSecret
	for _, s := range w.Secrets {
		if s.Until.IsZero() || s.Until.After(now) {
			out = append(out, s)
		}
	}
	return out
}

// Wants reports whether the endpoint asks for records of a kind.
func (w Webhook) Wants(k RecordKind) bool { return slices.Contains(w.Records, k) }

// deleted reports whether the endpoint was deleted. A server of a version without deletion
// does not know Removed, and drops it when it writes the endpoint: none but a deleted one
// is without a secret.
func (w Webhook) deleted() bool { return w.Removed || len(w.Secrets) == 0 }

// Webhook finds an endpoint that was not deleted, disabled ones too.
func (d *Directory) Webhook(id WebhookID) (Webhook, bool) {
	w, ok := d.Webhooks[id]
	return w, ok && !w.deleted()
}

// SortedWebhooks lists the endpoints that were not deleted by name, then by id.
func (d *Directory) SortedWebhooks() []Webhook {
	out := make([]Webhook, 0, len(d.Webhooks))
	for _, w := range d.Webhooks {
		if !w.deleted() {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b Webhook) int { return ByName(a.Name, b.Name, a.ID, b.ID) })
	return out
}
