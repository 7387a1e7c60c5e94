package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/resolvers"
)

// Whoever comes to a server that has just started, with a cursor of a server that ran
// before, is told what it missed, and the database's log is not read for that. B:V3
func TestAServerThatHasJustStartedNeedsNoCatchUps(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *server{
		"embedded": onEmbedded,
		"wire":     func(t *testing.T) *server { s, _ := onCounted(t); return s },
	} {
		t.Run(name, func(t *testing.T) {
			first := start(t)
			w := first.newSpace(t, "enterprise", nil)
			w.chat()
			old := w.on(serve(t, remembered{first.store}))
			cursors := []any{old.as("manager").do(`{ liveCursor }`, nil).at("liveCursor")}
			told := old.as("manager").followAtOnce(followEvents, nil)
			var chats []string
			for range 5 {
				chats = append(chats, resolvers.ConversationID(w.chat().ID))
				cursors = append(cursors, told.item()["cursor"])
			}
			fresh := w.on(serve(t, remembered{first.store}))
			for n, after := range cursors {
				again := fresh.as("manager").connect().subscribe(followEvents, vars{"after": after})
				for _, want := range chats[n:] {
					item := again.item()
					require.Equal(t, false, item["gap"])
					require.Equal(t, want, dig(t, item, "node.conversation.id"))
				}
			}
			require.Zero(t, fresh.catchUp.Begun())
		})
	}
}
