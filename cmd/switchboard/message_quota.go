package main

import (
	"fmt"
	"math"
	"time"

	"switchboard/budget"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

const (
	// contactBurst is how many messages a contact may write at once.
	contactBurst = 20
	// relayedShare is how many times as much a contact may write through an API key
	// that relays its messages, and so answers for them.
	relayedShare = 10
	// relayedBytes is how long messages are on average at most that are relayed.
	relayedBytes = 4 << 10
)

// messageQuota bounds the messages of contacts on this server: of each contact, of all
// contacts of a workspace together, and of all relayed contacts of a workspace.
type messageQuota struct {
	now             func() time.Time
	own, all        spending
	relayed, relays spending
}

var _ desk.MessageQuota = (*messageQuota)(nil)

// spending are the rates of one kind of writer.
type spending struct {
	messages, bytes, begun *budget.Rates
}

func newMessageQuota(s messageQuotaSettings, now func() time.Time) *messageQuota {
	return &messageQuota{
		now: now,
		own: spending{
			perMinute(s.ContactMessagesPerMinute, contactBurst), perMinute(s.ContactBytesPerMinute, 2*s.ContactBytesPerMinute),
			budget.NewRates(float64(s.ContactConversationsPerHour)/3600, (s.ContactConversationsPerHour+4)/5),
		},
		all: spending{
			perMinute(s.ContactsMessagesPerMinute, s.ContactsMessagesPerMinute), perMinute(s.ContactsBytesPerMinute, s.ContactsBytesPerMinute),
			budget.NewRates(float64(s.ContactsConversationsPerHour)/3600, (s.ContactsConversationsPerHour+1)/2),
		},
		relayed: spending{
			messages: perMinute(relayedShare*s.ContactMessagesPerMinute, relayedShare*s.ContactMessagesPerMinute),
			bytes:    perMinute(relayedShare*s.ContactBytesPerMinute, 2*relayedShare*s.ContactBytesPerMinute),
		},
		relays: spending{
			messages: perMinute(s.RelayedMessagesPerMinute, s.RelayedMessagesPerMinute),
			bytes:    perMinute(relayedBytes*s.RelayedMessagesPerMinute, relayedBytes*s.RelayedMessagesPerMinute),
		},
	}
}

func perMinute(n, burst int) *budget.Rates { return budget.NewRates(float64(n)/60, burst) }

// draws are the amounts that one message takes from the buckets.
func (s spending) draws(name string, w desk.MessageUsage) []budget.Draw {
	out := []budget.Draw{{From: s.messages, Name: name, N: 1}, {From: s.bytes, Name: name, N: w.Bytes}}
	if w.Begins {
		out = append(out, budget.Draw{From: s.begun, Name: name, N: 1})
	}
	return out
}

// Spend takes the words from the contact's budget and from its workspace's, or
// from none.
func (b *messageQuota) Spend(w desk.MessageUsage) error {
	one, many := b.own, b.all
	if w.By.Kind != workspace.ActorContact {
		one, many = b.relayed, b.relays
	}
	var own []budget.Draw
	if name := contactName(w); name != "" {
		own = one.draws(name, w)
	}
	// The contact's own bucket comes first, so that a refused contact takes nothing
	// from the others.
	switch wait, short := budget.TakeAll(b.now(), append(own, many.draws(string(w.Workspace), w)...)...); {
	case wait <= 0:
		return nil
	case short < len(own):
		return desk.TooFast(fmt.Sprintf("This is more than one visitor may write in a short time. Try again in %s.", inWords(wait)), wait)
	default:
		return desk.TooFast(fmt.Sprintf("Too many visitors write at the moment. Try again in %s.", inWords(wait)), wait)
	}
}

// contactName names a contact among all; empty for one that is new.
func contactName(w desk.MessageUsage) string {
	switch {
	case w.Contact != "":
		return string(w.Workspace) + "\x00" + string(w.Contact)
	case w.ExternalID != "":
		return string(w.Workspace) + "\x00\x00" + w.ExternalID
	}
	return ""
}

func inWords(wait time.Duration) string {
	if wait > 2*time.Minute {
		return fmt.Sprintf("%d minutes", int(math.Ceil(wait.Minutes())))
	}
	return fmt.Sprintf("%d s", int(max(1, math.Ceil(wait.Seconds()))))
}
