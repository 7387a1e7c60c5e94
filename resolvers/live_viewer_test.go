package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

const followViewer = `subscription { viewerChanges { permissions member { name availability teams { name }
	availabilityChange { from to reason by { name } at } } workspace { plan { name } rules { presenceReturn } } } }`

// Every window of a member is told of each change of who they are and what they may
// do, and of nothing else. B:P1 B:Z6
func TestViewerChanges(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		windows := []*stream{w.as("agent1").followAtOnce(followViewer, nil), w.as("agent1").followAtOnce(followViewer, nil)}
		next := func(path string) (got any) {
			for i, window := range windows {
				value := dig(t, window.item(), path)
				if i > 0 {
					require.Equal(t, got, value, "the windows show the same")
				}
				got = value
			}
			return got
		}
		require.Equal(t, "ONLINE", next("member.availability"))

		w.chat()          // is nothing of theirs
		w.owned("agent1") // is, and changes no right
		w.editMember("agent2", func(m *workspace.Member) { m.Availability = workspace.Away })
		_, err := w.service.Admin.SetAvailability(t.Context(), w.principal("agent1"), workspace.Away, "", "")
		require.NoError(t, err)
		change := next("member.availabilityChange").(object)
		require.Equal(t, object{"from": "ONLINE", "to": "AWAY", "reason": "SET", "by": object{"name": "Anna Berg"}, "at": change["at"]}, change)

		w.editMember("agent1", func(m *workspace.Member) {
			m.Turned = workspace.AvailabilityChange{From: workspace.Away, Why: workspace.ConnectionLost, By: workspace.System(), At: m.Turned.At}
			m.Availability = workspace.Offline
		})
		require.Equal(t, "CONNECTION_LOST", next("member.availabilityChange.reason"))
		require.NoError(t, w.service.Presence.ReturnPresence(t.Context(), w.id, w.member("agent1"), false))
		require.Equal(t, "AWAY", next("member.availability"))

		w.editMember("agent1", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
		require.NotContains(t, next("permissions"), "reply:livechat:TEAM")
		w.editWorkspace(func(ws *workspace.Workspace) { ws.Plan = "free" })
		require.Equal(t, "free", next("workspace.plan.name"))
		w.editMember("agent1", func(m *workspace.Member) { m.Removed = true })
		for _, window := range windows {
			require.Equal(t, "UNAUTHENTICATED", window.refused())
		}
		require.Equal(t, "PERMISSION_DENIED", w.contact(w.chat()).connect().subscribe(followViewer, nil).refused())
	})
}
