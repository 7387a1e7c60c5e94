package resolvers_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// passing are faults that pass: each begins one, and returns what ends it.
func passing() map[string]func(*space) (over func()) {
	return map[string]func(*space) (over func()){
		"a sandbox is put back": func(w *space) func() {
			w.editWorkspace(func(ws *workspace.Workspace) { ws.ResettingSince = w.now() })
			return func() {
				w.editWorkspace(func(ws *workspace.Workspace) { ws.ResettingSince = time.Time{} })
				w.settle()
			}
		},
		"the database is away": func(w *space) func() {
			away := fmt.Errorf("dial: %w", &inbox.Error{Code: inbox.Unavailable, Message: "The database is away. Try again."})
			w.watched.fail(w.t, "Directory", away)
			w.directories.FeedLost()
			return func() {
				w.watched.fail(w.t, "Directory", nil)
				w.directories.FeedBack()
			}
		},
	}
}

// A fault that passes ends no subscription, whether it is executed alone or for many: clients do
// not begin again what ended with an error. B:V10
func TestSubscriptionsOutliveWhatPasses(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for fault, begin := range passing() {
			t.Run(fault, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", nil).in(t)
				var all []*stream
				for _, query := range []string{
					`subscription { assignmentEvents { node { conversation { id } } } }`,
					`subscription { assignmentEvents { node { conversation { id viewerCan { allowed } } } } }`,
					`subscription { assignmentEvents { node { conversation { id previous { id } } } } }`, // for each alone
				} {
					for _, key := range []string{"manager", "owner", "observer"} {
						all = append(all, w.as(key).follow(query, nil))
					}
				}
				requireTold(t, w, all)
				over := begin(w)
				w.rechecks.FeedLost() // has everybody look at the rights each second
				for range 3 {
					<-w.hub.Rechecks.Next()
				}
				w.rechecks.FeedBack()
				over()
				requireTold(t, w, all)
			})
		}
	})
}

// requireTold demands that each stream tells of a chat that begins now.
func requireTold(t *testing.T, w *space, all []*stream) {
	t.Helper()
	id := resolvers.ConversationID(w.chat().ID)
	for _, st := range all {
		require.Equal(t, id, dig(t, st.item(), "node.conversation.id"))
	}
}
