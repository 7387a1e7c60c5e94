package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/resolvers"
)

// FuzzID reads any text as an id: it is refused, or has the one form that the
// API gives, with nothing in it that could mean more than an id.
func FuzzID(f *testing.F) {
	f.Add(resolvers.ConversationID("01J8"))
	f.Add("01J8")
	f.Add(`{"$ne":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		id, err := resolvers.ParseConversationID(text)
		if err != nil {
			require.Equal(t, inbox.InvalidInput, inbox.CodeOf(err))
			return
		}
		require.Regexp(t, `^[A-Za-z0-9_-]+$`, string(id))
		require.Contains(t, []string{text, resolvers.ConversationID(id)}, text)
	})
}

// FuzzCursor reads any text as a cursor: it is refused, or is exactly what the
// list would give for that place.
func FuzzCursor(f *testing.F) {
	seals, _ := sealsAt(f, &keyBook{}, time.Now)
	f.Add(seals.MakeCursor("w", "1700000000000", "01J8", "list"))
	f.Add(seals.MakeCursor("w", "1700000000000", "01J8", "another list"))
	f.Add("eyJsIjoiIiwiayI6IiIsImkiOnsiJG5lIjpudWxsfX0")
	f.Fuzz(func(t *testing.T, text string) {
		key, id, err := seals.ParseCursor("w", text, "list")
		if err != nil {
			require.Equal(t, inbox.InvalidCursor, inbox.CodeOf(err))
			return
		}
		require.Equal(t, seals.MakeCursor("w", key, id, "list"), text)
	})
}
