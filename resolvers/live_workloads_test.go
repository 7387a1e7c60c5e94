package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

const followWorkloads = `subscription($team: ID) { workloads(teamId: $team) {
	cursor removedMemberIds queue { waiting longestWaitSince }
	members { member { id name } openConversations openLivechats openTickets cap availability }
} }`

// wallboard is what a client holds that applies the items of workloads.
type wallboard struct {
	*stream
	members map[string]object
	queue   object
}

func (c *client) followWorkloads(team any) *wallboard {
	c.t.Helper()
	b := &wallboard{stream: c.connect().subscribe(followWorkloads, vars{"team": team}), members: map[string]object{}}
	b.apply()
	return b
}

func (b *wallboard) apply() {
	b.t.Helper()
	item := b.item()
	require.NotEmpty(b.t, item["cursor"])
	members, _ := item["members"].([]any)
	for _, m := range members {
		w, _ := m.(object)
		id, _ := dig(b.t, w, "member.id").(string)
		b.members[id] = w
	}
	gone, _ := item["removedMemberIds"].([]any)
	for _, id := range gone {
		text, _ := id.(string)
		require.Contains(b.t, b.members, text)
		delete(b.members, text)
	}
	b.queue, _ = item["queue"].(object)
}

// until applies items until a member of the board has these figures and so many
// wait.
func (b *wallboard) until(id string, want object, waiting int) {
	b.t.Helper()
	for !b.has(id, want) || b.queue["waiting"] != number(waiting) {
		b.apply()
	}
}

func (b *wallboard) has(id string, want object) bool {
	for field, value := range want {
		if b.members[id][field] != value {
			return false
		}
	}
	return b.members[id] != nil
}

// B:V6
func TestWorkloadsAreToldAsTheyChange(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		agent1, sales1 := w.global("member agent1"), w.global("member sales1")
		w.owned("agent1")
		all, support := w.as("observer").followWorkloads(nil), w.as("manager").followWorkloads(w.global("team support"))
		require.Len(t, all.members, 10)
		require.Len(t, support.members, 7)
		require.NotContains(t, support.members, sales1)
		one := object{"openConversations": number(1), "openLivechats": number(1), "openTickets": number(0), "cap": number(10), "availability": "ONLINE"}
		require.True(t, support.has(agent1, one), "%v", support.members[agent1])
		require.Equal(t, object{"waiting": number(0), "longestWaitSince": nil}, support.queue)

		w.ticket("agent1")
		two := object{"openConversations": number(2), "openTickets": number(1)}
		waits := w.ticket("team support")
		w.ticket("team sales")
		support.until(agent1, two, 1)
		all.until(agent1, two, 2)
		since, err := time.Parse(time.RFC3339, support.queue["longestWaitSince"].(string))
		require.NoError(t, err)
		require.True(t, waits.WaitingSince.Equal(since), "%v, wanted %v", since, waits.WaitingSince)

		_, err = w.service.Desk.Claim(t.Context(), w.principal("agent1"), desk.Request{Conversation: waits.ID})
		require.NoError(t, err)
		support.until(agent1, object{"openTickets": number(2)}, 0)
		_, err = w.service.Desk.Transfer(t.Context(), w.principal("agent1"), desk.Request{Conversation: waits.ID}, access.Owner{Member: w.member("sales1")}, "")
		require.NoError(t, err)
		support.until(agent1, object{"openTickets": number(1)}, 0)
		all.until(sales1, object{"openTickets": number(1)}, 1)

		most := 3
		w.editMember("agent1", func(m *workspace.Member) { m.Availability, m.MaxAutoAssigned = workspace.Away, &most })
		support.until(agent1, object{"availability": "AWAY", "cap": number(3)}, 0)
		w.editMember("sales1", func(m *workspace.Member) { m.Teams = append(m.Teams, w.team("support")) })
		support.until(sales1, object{"openTickets": number(1)}, 0)
		w.ticket("sales1")
		support.until(sales1, object{"openTickets": number(2)}, 0)
		w.editMember("sales1", func(m *workspace.Member) { m.Removed = true })
		for all.members[sales1] != nil || support.members[sales1] != nil {
			if all.members[sales1] != nil {
				all.apply()
			} else {
				support.apply()
			}
		}
		c := w.owned("agent2")
		require.Equal(t, "PERMISSION_DENIED", w.contact(c).connect().subscribe(followWorkloads, nil).refused())
		require.Equal(t, "NOT_FOUND", w.as("owner").connect().subscribe(followWorkloads, vars{"team": made("Team")}).refused())
	})
}
