package resolvers_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/resolvers"
)

// However many old cursors a visitor and a member of one workspace come back with,
// and however long it takes to tell them, the manager of another one is told what it
// missed: alone and in a group. B:V3, B:V10
func TestOldCursorsStarveNobody(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, other := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		chat, theirs := w.chat(), other.chat()
		other.settle()
		at := other.as("manager").do(`{ liveCursor }`, nil).at("liveCursor")
		other.claim(theirs, "agent1")
		other.settle()
		s.hub.Gap(s.hub.Position()) // nobody is told from memory
		release := s.feed.hold(w.id)
		defer release()

		seen := w.placeOf(w.as("owner").do(`{ liveCursor }`, nil).at("liveCursor").(string))
		old := func(n int) vars {
			seen.Key = fmt.Sprint("old", n)
			return vars{"after": w.cursor(seen), "id": resolvers.ConversationID(chat.ID)}
		}
		visitor, owner := w.contact(chat), w.as("owner")
		for n := range 100 {
			visitor.connect().subscribe(`subscription($id: ID!, $after: Cursor) { conversationUpdates(id: $id, after: $after) { gap } }`, old(n))
			owner.connect().subscribe(`subscription($after: Cursor) { assignmentEvents(after: $after) { gap } }`, vars{"after": old(1_000 + n)["after"]})
		}
		// All of the visitor's but one and four who wait, and of the member's but two and 32.
		require.Eventually(t, func() bool { return s.catchUp.Refused() == 95+66 }, patience, tick)
		for _, query := range []string{
			`subscription($after: Cursor) { assignmentEvents(after: $after) { gap node { kind } } }`,
			`subscription($after: Cursor) { assignmentEvents(after: $after) { gap node { kind conversation { viewerCan { action } } } } }`,
		} {
			item := other.as("manager").connect().subscribe(query, vars{"after": at}).item()
			require.Equal(t, false, item["gap"])
			require.Equal(t, "CLAIMED", dig(t, item, "node.kind"))
		}
	})
}
