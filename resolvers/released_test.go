package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// What is released is counted as it is at the commit, whoever moves it then: here the duty
// has moved all of it before the act that it follows is over. B:E1
func TestWhatIsReleasedIsCountedWhoeverMovesIt(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		custom := func(d *workspace.Directory) {
			var all []workspace.Permission
			for _, text := range []string{"view:livechat:ALL", "reply:livechat:TEAM", "claim:livechat:ALL", "assign:livechat:ALL"} {
				p, ok := workspace.ParsePermission(text)
				require.True(t, ok)
				all = append(all, p)
			}
			d.Workspace.CustomRoles = []workspace.CustomRole{{Name: "chats", Permissions: all}}
			for id, m := range d.Members {
				if m.Name == "Anna Berg" {
					m.Roles = []workspace.RoleName{"chats"}
					d.Members[id] = m
				}
			}
		}
		for name, input := range map[string]func(*space) object{
			"removeMember":  func(w *space) object { return object{"id": w.global("member agent1")} },
			"updateMember":  func(w *space) object { return object{"id": w.global("member agent1"), "roles": []string{"observer"}} },
			"updateRole":    func(*space) object { return object{"name": "chats", "permissions": []string{"view:livechat:ALL"}} },
			"setPlan":       func(*space) object { return object{"plan": "free"} },
			"deleteTeam":    func(w *space) object { return object{"id": w.global("team support")} },
			"removeAiAgent": func(w *space) object { return object{"id": w.global("agent ai")} },
		} {
			t.Run(name, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", custom)
				switch name {
				case "deleteTeam":
					w.ticket("team support")
					w.ticket("team support")
				case "removeAiAgent":
					w.chat()
					w.chat()
				default:
					w.owned("agent1")
					w.owned("agent1")
				}
				w.watched.afterActs(t, func() { require.NoError(t, w.service.Offboarding.Run(t.Context())) })
				require.Equal(t, number(2), w.as("owner").act(name, input(w))["released"])
			})
		}
	})
}
