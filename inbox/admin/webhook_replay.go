package admin

import (
	"context"
	"fmt"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

const (
	// maxReplays bounds the replays that an endpoint remembers.
	maxReplays = 10
	// MaxReplayConversations bounds the conversations that a replay names.
	MaxReplayConversations = 100
)

// Replay holds the arguments of replayWebhook.
type Replay struct {
	Webhook       workspace.WebhookID
	From          eventlog.Place
	To            *eventlog.Place
	Parked        bool
	Conversations []string
}

// Replay orders that events are sent again, with the ids that they had. It returns how many
// records are between the places: those that the endpoint does not ask for are counted too.
// Errors are those of Find, NOT_FOUND for a place, and INVALID_INPUT.
func (s *Webhooks) Replay(ctx context.Context, p inbox.Principal, r Replay, key string) (made workspace.WebhookReplay, events int64, err error) {
	if len(r.Conversations) > MaxReplayConversations {
		return made, 0, inbox.Invalid("conversationIds", "conversationIds has %d entries; at most %d are allowed.", len(r.Conversations), MaxReplayConversations)
	}
	if _, err = s.Find(ctx, p, r.Webhook); err != nil {
		return made, 0, err
	}
	from, to, err := s.span(ctx, p.Workspace, r)
	if err != nil {
		return made, 0, err
	}
	made = workspace.WebhookReplay{ID: s.base.NewID(), From: from + 1, To: to, Parked: r.Parked, Conversations: r.Conversations, At: s.base.Clock(), By: p.Actor}
	w, err := s.replay(ctx, p, r.Webhook, made, key, r)
	if err != nil {
		return made, 0, err
	}
	made = w.Replays[len(w.Replays)-1]
	return made, made.To - made.From + 1, nil
}

// span is the sequence before the first record and that of the last.
func (s *Webhooks) span(ctx context.Context, ws workspace.WorkspaceID, r Replay) (from, to int64, err error) {
	if s.Log == nil {
		return 0, 0, noWebhooks("webhookId")
	}
	first, err := s.Log.Place(ctx, ws, r.From)
	if err != nil {
		return 0, 0, err
	}
	bounds, err := s.Log.Bounds(ctx, ws)
	last := bounds.Newest
	if err == nil && r.To != nil {
		last, err = s.Log.Place(ctx, ws, *r.To)
		if r.To.At.IsZero() {
			last++ // the place itself is part of it; that of a time is the first record behind it
		}
		last = min(last, bounds.Newest)
	}
	if err == nil && last <= first {
		err = inbox.Invalid("from", "There is no record between these places.")
	}
	return int64(first), int64(last), err
}

// Test orders that one event without a conversation is sent. Errors are those of Find.
func (s *Webhooks) Test(ctx context.Context, p inbox.Principal, id workspace.WebhookID) (workspace.WebhookReplay, error) {
	made := workspace.WebhookReplay{ID: s.base.NewID(), Test: true, At: s.base.Clock(), By: p.Actor}
	w, err := s.replay(ctx, p, id, made, "", nil)
	if err != nil {
		return made, err
	}
	return w.Replays[len(w.Replays)-1], nil
}

func (s *Webhooks) replay(ctx context.Context, p inbox.Principal, id workspace.WebhookID, r workspace.WebhookReplay, key string, args any) (workspace.Webhook, error) {
	over, err := s.over(ctx, p.Workspace, id)
	if err != nil {
		return workspace.Webhook{}, err
	}
	return s.change(ctx, p, "replayWebhook", key, args, id, func(_ access.Access, w workspace.Webhook) (Amendment, error) {
		if w.State == workspace.WebhookDisabled {
			return Amendment{}, inbox.Invalid("webhookId", "The webhook is disabled. Set it to ACTIVE first.")
		}
		kept, err := room(w.Replays, over)
		if err != nil {
			return Amendment{}, err
		}
		after := w
		after.Replays = append(kept, r)
		return webhookAmendment(audit.AuditWebhookReplay, w, after, audit.AuditField{Field: "events", To: spanWords(r)}), nil
	})
}

// over are the replays of an endpoint that were sent to their end.
func (s *Webhooks) over(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID) ([]string, error) {
	if s.Sent == nil {
		return nil, nil
	}
	progress, err := s.Sent.WebhookProgress(ctx, ws, id)
	return progress.Ended, err
}

// room forgets the oldest replays that are over, and then the oldest tests, until there is
// room for one more. A replay of records that waits is never forgotten: it was accepted.
func room(all []workspace.WebhookReplay, over []string) ([]workspace.WebhookReplay, error) {
	all = slices.Clone(all)
	for len(all) >= maxReplays {
		i := slices.IndexFunc(all, func(r workspace.WebhookReplay) bool { return slices.Contains(over, r.ID) })
		if i < 0 {
			i = slices.IndexFunc(all, func(r workspace.WebhookReplay) bool { return r.Test })
		}
		if i < 0 {
			return nil, inbox.Invalid("webhookId", "%d replays of the webhook wait to be sent. Try again when one of them is over.", maxReplays)
		}
		all = slices.Delete(all, i, i+1)
	}
	return all, nil
}

func spanWords(r workspace.WebhookReplay) string {
	if r.Test {
		return "test"
	}
	return fmt.Sprintf("%d to %d", r.From, r.To)
}
