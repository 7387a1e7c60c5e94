package webhooks

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// Principal is the caller as which an endpoint is sent events.
func Principal(w workspace.Webhook) inbox.Principal {
	return inbox.Principal{Workspace: w.Workspace, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: string(w.Key)}}
}

// Wanted reports whether the endpoint asks for the record. Internal messages are sent to
// no endpoint, and of what was removed nothing is left.
func Wanted(w workspace.Webhook, r eventlog.Record) bool {
	if r.Gone || r.Message != nil && r.Message.Internal {
		return false
	}
	return w.Wants(workspace.RecordKind(r.Kind))
}

// Present has conversations as they are now.
type Present map[inbox.ConversationID]inbox.Conversation

// Sees reports whether the endpoint's key may be sent the record now. Only for a key of
// which eventlog.OnlyFeeds is true the record's conversation has to be among the present
// ones. B:Z4
func Sees(a access.Access, r eventlog.Record, present Present) bool {
	now := present[r.Conversation]
	if c := r.Content.After; c != nil && !eventlog.OnlyFeeds(a) {
		now = *c // such a key sees all conversations of a kind, whatever became of this one
	}
	return !r.Gone && eventlog.SightOf(a, r, now) == eventlog.Seen
}

// Included gives PLAN_REQUIRED for an endpoint that the plan does not include. A key with
// the role integration needs no plan for the messages of what it feeds.
func Included(a access.Access, key workspace.APIKey, records []workspace.RecordKind) error {
	if key.Role == workspace.RoleIntegration && slices.Equal(records, []workspace.RecordKind{workspace.MessageRecord}) {
		return nil
	}
	return a.Refusal(inbox.Conversation{}, a.Includes(workspace.FeatureWebhooks))
}

// LaneOf names what a record keeps its order with.
func LaneOf(w workspace.Webhook, r eventlog.Record) string {
	switch {
	case w.Order == workspace.AnyOrder:
		return r.ID
	case r.Conversation != "":
		return string(r.Conversation)
	case r.Content.Directory != nil && r.Content.Directory.Member != nil:
		return "member " + string(r.Content.Directory.Member.ID)
	}
	return r.ID
}
