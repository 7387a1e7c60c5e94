package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/graph/model"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
	"switchboard/resolvers"
)

// Every reason for a gap is one of the schema, and the other way around.
func TestGapReasonsAreThoseOfTheSchema(t *testing.T) {
	var reasons []model.GapReason
	for _, reason := range feed.GapReasons() {
		reasons = append(reasons, model.GapReason(reason))
	}
	require.ElementsMatch(t, model.AllGapReason, reasons)
	require.Len(t, loadSchema(t).Types["GapReason"].EnumValues, len(reasons))
}

// A gap says why, in the item, in the log and in the metric; an item without a gap has
// no reason. B:V3, B:V4, B:V8
func TestGapsSayWhy(t *testing.T) {
	const (
		events  = `subscription($after: Cursor) { assignmentEvents(after: $after) { cursor gap gapReason } }`
		changes = `subscription($after: Cursor) { inboxChanges(view: { list: ALL }, after: $after) { cursor gap gapReason } }`
		updates = `subscription($id: ID!, $after: Cursor) { conversationUpdates(id: $id, after: $after) { cursor gap gapReason } }`
	)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.ticket("agent1")
		id := resolvers.ConversationID(c.ID)
		why := func(st *stream, reason any) (cursor any) {
			t.Helper()
			item := st.item()
			require.Equal(t, []any{reason != nil, reason}, []any{item["gap"], item["gapReason"]})
			return item["cursor"]
		}
		note := func() {
			_, err := w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: "A note", Internal: true})
			require.NoError(t, err)
		}
		all := []*stream{
			w.as("agent1").follow(events, nil), w.as("agent1").follow(changes, nil), w.as("agent1").follow(updates, vars{"id": id}),
		}
		note()
		why(all[1], nil)
		why(all[2], nil)
		s.hub.Gap(s.hub.Position())
		cursors := []any{why(all[0], "HISTORY_LOST"), why(all[1], "HISTORY_LOST"), why(all[2], "HISTORY_LOST")}
		require.GreaterOrEqual(t, s.gaps.Count(feed.GapHistoryLost), uint64(3))

		w.editMember("agent1", func(m *workspace.Member) { m.Teams = append(m.Teams, w.team("sales")) })
		why(all[1], "RIGHTS_CHANGED")
		require.Positive(t, s.gaps.Count(feed.GapRightsChanged))

		s.ageSeals(t)
		why(w.as("agent1").follow(events, vars{"after": cursors[0]}), "CURSOR_EXPIRED")
		why(w.as("agent1").follow(changes, vars{"after": cursors[1]}), "CURSOR_EXPIRED")
		why(w.as("agent1").follow(updates, vars{"id": id, "after": cursors[2]}), "CURSOR_EXPIRED")
	})
}
