package live_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/live/feed"
	"switchboard/live/logtail"
	"switchboard/live/marks"
	"switchboard/webhook"
)

// A follower looks whether it knows the workspace before it works on an event: each server
// receives the events of all workspaces, and nobody has most of them open there. The first
// one may be remembered.
func TestForeignEventsCostNothing(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	before := inbox.Ownership{Assignee: "anna", Status: inbox.Open, Team: "support"}
	after := inbox.Ownership{Assignee: "mia", Status: inbox.Open, Team: "support"}
	takeover := inbox.Event{
		ID: "e", Workspace: "far", Type: inbox.OwnershipEvent, Kind: inbox.EventTakenOver, Conversation: "c", From: before, To: after, Version: 3, Epoch: 2,
		After:    &inbox.Conversation{ID: "c", Workspace: "far", Kind: workspace.Livechat, Ownership: after, Version: 3, Epoch: 2},
		Messages: []inbox.Message{{ID: "m", Workspace: "far", Conversation: "c", Body: "I will help you from here."}},
	}
	said := takeover
	said.Type, said.Kind, said.From = inbox.MessageEvent, "", after
	for name, follower := range map[string]feed.Follower{
		"directories":       live.NewDirectories(nil),
		"loads":             live.NewLoadCache(nil),
		"issues of tokens":  live.NewTokenIssues(nil),
		"queues":            dispatch.NewDrainer(nil, log),
		"taking back":       dispatch.NewReclaims(time.Now),
		"offers":            dispatch.NewOffers(time.Now),
		"deadlines":         dispatch.NewDeadlines(time.Now, dispatch.WaitsUntil),
		"readers of logs":   logtail.New(nil, log),
		"webhooks":          webhook.NewEngine(webhook.Config{}),
		"sight of each one": marks.New("s", nil, nil, log),
	} {
		for _, e := range []inbox.Event{takeover, said} {
			follower.Apply(e)
			require.Zero(t, testing.AllocsPerRun(100, func() { follower.Apply(e) }), "%s: %s", name, e.Type)
		}
	}
}
