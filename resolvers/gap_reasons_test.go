package resolvers_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// resumed is a subscription that goes on behind a cursor, and a query for such a cursor.
type resumed struct{ name, subscription, cursor, at string }

// resumable are all that do, with each kind of cursor that they take.
func resumable() []resumed {
	const (
		live    = `{ liveCursor }`
		events  = `subscription($id: ID!, $after: Cursor) { stream: assignmentEvents(filter: { conversationIds: [$id] }, after: $after) { gap gapReason cursor } }`
		updates = `subscription($id: ID!, $after: Cursor) { stream: conversationUpdates(id: $id, after: $after) { gap gapReason cursor } }`
	)
	view := func(v string) string {
		return `subscription($after: Cursor) { stream: inboxChanges(view: ` + v + `, after: $after) { gap gapReason cursor } }`
	}
	page := func(v string) string { return `{ conversations(view: ` + v + `) { liveCursor } }` }
	const all, starred = `{ list: ALL }`, `{ list: ALL, starred: true }`
	return []resumed{
		{"assignmentEvents", events, live, "liveCursor"},
		{"conversationUpdates", updates, live, "liveCursor"},
		{"inboxChanges", view(all), page(all), "conversations.liveCursor"},
		{"inboxChanges behind another stream", view(all), live, "liveCursor"},
		{"inboxChanges of starred", view(starred), page(starred), "conversations.liveCursor"},
	}
}

// absence is what happens while a subscriber is away, and what it is told: the reason
// for each subscription, by its name; nothing for those that miss nothing.
type absence struct {
	name    string
	happens func(g *gapStage)
	why     map[string]string
}

// gapStage is one subscriber of one workspace who is away.
type gapStage struct {
	*space
	chat inbox.Conversation
}

// forget lets the server know nothing more of what lies behind the cursor.
func (g *gapStage) forget() {
	g.ticket("agent2")
	g.settle()
	g.hub.Gap(g.hub.Position())
}

// lose is forget, and the log is gone.
func (g *gapStage) lose() {
	g.forget()
	g.feed.lost.Store(true)
}

func (g *gapStage) star() {
	other := g.ticket("agent1")
	g.as("agent1").act("starConversation", object{"conversationId": resolvers.ConversationID(other.ID)})
}

func (g *gapStage) join() {
	g.editMember("agent1", func(m *workspace.Member) { m.Teams = append(m.Teams, g.team("sales")) })
}

// occupy lets as many come back as may wait, and nobody be told.
func (g *gapStage) occupy() {
	g.forget()
	g.t.Cleanup(g.feed.hold(g.id))
	seen := g.placeOf(g.as("agent1").do(`{ liveCursor }`, nil).at("liveCursor").(string))
	for n := range 40 {
		seen.Key = fmt.Sprint("old", n)
		g.as("agent1").connect().subscribe(`subscription($after: Cursor) { assignmentEvents(after: $after) { gap } }`, vars{"after": g.cursor(seen)})
	}
	require.Eventually(g.t, func() bool { return g.catchUp.Refused() > 0 }, patience, tick)
}

func absences() []absence {
	every := func(reason string) map[string]string {
		out := map[string]string{}
		for _, r := range resumable() {
			out[r.name] = reason
		}
		return out
	}
	rights := map[string]string{"inboxChanges": "RIGHTS_CHANGED", "inboxChanges behind another stream": "RIGHTS_CHANGED", "inboxChanges of starred": "RIGHTS_CHANGED"}
	return []absence{
		{"nothing", func(*gapStage) {}, nil},
		{"the server forgot", (*gapStage).forget, nil},
		{"the log is gone", (*gapStage).lose, every("HISTORY_LOST")},
		{"too much", func(g *gapStage) { g.forget(); g.feed.heavy.Store(true) }, every("TOO_MUCH")},
		{"too many", (*gapStage).occupy, every("SERVER_BUSY")},
		{"the cursor is old", func(g *gapStage) { g.ageSeals(g.t) }, every("CURSOR_EXPIRED")},
		{"other rights", (*gapStage).join, rights},
		{"other stars", (*gapStage).star, map[string]string{"inboxChanges of starred": "STARS_CHANGED"}},
		{"other stars, from the log", func(g *gapStage) { g.star(); g.forget() }, map[string]string{"inboxChanges of starred": "STARS_CHANGED"}},
		{"other rights and stars", func(g *gapStage) { g.join(); g.star() }, rights},
		{"other rights, and the log is gone", func(g *gapStage) { g.join(); g.lose() }, every("HISTORY_LOST")},
		{"other rights, and the cursor is old", func(g *gapStage) { g.join(); g.ageSeals(g.t) }, every("CURSOR_EXPIRED")},
	}
}

// Whoever comes back is told the reason that holds, by every subscription and with every
// cursor that it takes. B:V3, B:V4, B:V8
func TestWhyASubscriberMissed(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, a := range absences() {
			for _, r := range resumable() {
				t.Run(a.name+"/"+r.name, func(t *testing.T) {
					g := &gapStage{space: s.newSpace(t, "enterprise", nil)}
					var want any
					if reason, missed := a.why[r.name]; missed {
						want = reason
					}
					item := g.away(a, r)
					require.Equal(t, []any{want != nil, want}, []any{item["gap"], item["gapReason"]})
				})
			}
		}
	})
}

// away is the first item for somebody who was away.
func (g *gapStage) away(a absence, r resumed) object {
	g.chat = g.ticket("agent1")
	agent, args := g.as("agent1"), vars{"id": resolvers.ConversationID(g.chat.ID)}
	agent.act("starConversation", object{"conversationId": args["id"]})
	g.settle()
	args["after"] = agent.do(r.cursor, nil).at(r.at)
	a.happens(g)
	defer func() { g.feed.lost.Store(false); g.feed.heavy.Store(false) }()
	_, err := g.service.Messages.Send(g.t.Context(), g.principal("agent1"), desk.SendRequest{Conversation: g.chat.ID, Body: "A note", Internal: true})
	require.NoError(g.t, err)
	_, err = g.service.Desk.Leave(g.t.Context(), g.principal("agent1"), desk.Request{Conversation: g.chat.ID})
	require.NoError(g.t, err)
	return agent.connect().subscribe(r.subscription, args).item()
}
