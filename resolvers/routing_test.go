package resolvers_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/resolvers"
)

// shift is a space whose only members are n, m0 the first who came online.
func (s *server) shift(t *testing.T, n int, rules func(*workspace.Rules)) *space {
	t.Helper()
	return s.newSpace(t, "enterprise", func(d *workspace.Directory) {
		owner := d.Members[workspace.MemberID(string(d.Workspace.ID)+"-owner")]
		owner.Availability = workspace.Offline
		d.Members = map[workspace.MemberID]workspace.Member{owner.ID: owner}
		for i := range n {
			id := workspace.MemberID(fmt.Sprintf("%s-m%d", d.Workspace.ID, i))
			d.Members[id] = workspace.Member{
				ID: id, Workspace: d.Workspace.ID, Name: fmt.Sprint("m", i), Roles: []workspace.RoleName{"agent"}, Availability: workspace.Online, Rev: 1,
				OnlineSince: time.Date(2026, 1, 1, 9, (i*3)%n, 0, 0, time.UTC), // not in the order of their names
			}
		}
		rules(&d.Workspace.Rules)
	})
}

// handOff starts a chat and has service hand it off to anyone; it tells who got
// it, as its member is called in the space.
func (w *space) handOff(service *services.Services) string {
	w.t.Helper()
	out, err := service.Desk.RequestHandoff(w.t.Context(), w.principal("ai"), desk.Request{Conversation: w.chat().ID}, desk.HandoffTarget{})
	require.NoError(w.t, err)
	return strings.TrimPrefix(string(out.Conversation.Assignee), string(w.id)+"-")
}

// restarted is a server that has just come up: it knows nothing by itself.
func (w *space) restarted() *services.Services {
	return services.New(services.Config{
		Store: w.store, Directories: live.NewDirectories(w.store.Directory), Policy: w.policy, Now: w.now, NewID: w.newID,
		Pick: rand.IntN, Loads: live.NewLoadCache(w.store.LoadsAndRotations),
	})
}

// Fed one by one through two servers, members never differ by more than one.
// B:Q2
func TestBalancedIsFairAcrossServers(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.shift(t, 4, func(*workspace.Rules) {})
		servers := []*services.Services{one.service, two.service, w.restarted()}
		counts := map[string]int{"m0": 0, "m1": 0, "m2": 0, "m3": 0}
		for i := range 24 {
			counts[w.handOff(servers[i%3])]++
			least, most := 99, 0
			for _, n := range counts {
				least, most = min(least, n), max(most, n)
			}
			require.LessOrEqual(t, most-least, 1, "after %d: %v", i+1, counts)
		}
		require.Len(t, counts, 4)
	})
}

// The order of coming online goes on across servers, one of which started in
// between. B:Q4
func TestRoundRobinGoesOnAcrossServers(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.shift(t, 4, func(r *workspace.Rules) { r.Method, r.MaxAutoAssigned = workspace.RoundRobin, 99 })
		var got []string
		for range 3 {
			got = append(got, w.handOff(one.service), w.handOff(two.service))
		}
		late := w.restarted()
		for range 3 {
			got = append(got, w.handOff(late), w.handOff(one.service))
		}
		round := []string{"m0", "m3", "m2", "m1"} // 9:00, 9:01, 9:02, 9:03
		require.Equal(t, slices.Concat(round, round, round), got)
	})
}

// A downgrade is told wherever it can be seen, and ended by an upgrade. B:Q9
func TestAMethodAboveThePlanIsTold(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", func(d *workspace.Directory) { d.Workspace.Rules.Method = workspace.Voluntary })
		warnings := func() []string {
			return column(t, w.as("owner").do(`{ workspace { warnings { code message } } }`, nil).at("workspace.warnings"), "code")
		}
		require.Empty(t, warnings())
		w.as("owner").act("setPlan", object{"plan": "lite"})
		require.Equal(t, []string{"METHOD_ABOVE_PLAN"}, warnings())
		require.NotEmpty(t, w.handOff(s.service), "BALANCED stands in")
		w.as("owner").act("updateWorkspaceRules", object{"method": "BALANCED"})
		require.Empty(t, warnings())
	})
}

// What cannot be is refused by its type, and changes nothing. B:Q6, B:Q9, B:H1
func TestRoutingRefuses(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "lite", nil)
		foreign := s.newSpace(t, "lite", nil)
		c := w.chat()
		chat := resolvers.ConversationID(c.ID)
		for name, row := range map[string]struct {
			as, do string
			input  object
			want   string
		}{
			"a method above the plan":            {"owner", "updateWorkspaceRules", object{"method": "ROUND_ROBIN"}, "PLAN_REQUIRED"},
			"a team's method above the plan":     {"owner", "updateTeam", object{"id": w.global("team sales"), "method": "VOLUNTARY"}, "PLAN_REQUIRED"},
			"a cap of 0":                         {"owner", "updateWorkspaceRules", object{"maxAutoAssigned": 0}, "INVALID_INPUT"},
			"a cap of 1,001":                     {"owner", "updateWorkspaceRules", object{"maxAutoAssigned": 1001}, "INVALID_INPUT"},
			"a team's cap of 0":                  {"owner", "updateTeam", object{"id": w.global("team sales"), "maxAutoAssigned": 0}, "INVALID_INPUT"},
			"a member's cap of 1,001":            {"owner", "updateMember", object{"id": w.global("member agent1"), "maxAutoAssigned": 1001}, "INVALID_INPUT"},
			"a hand-off to a member of others":   {"ai", "requestHandoff", object{"conversationId": chat, "to": object{"memberId": foreign.global("member agent1")}}, "TARGET_NOT_PERMITTED"},
			"a hand-off to a team of others":     {"ai", "requestHandoff", object{"conversationId": chat, "to": object{"teamId": foreign.global("team sales")}}, "TARGET_NOT_PERMITTED"},
			"a hand-off to who is no live agent": {"ai", "requestHandoff", object{"conversationId": chat, "to": object{"memberId": w.global("member observer")}}, "TARGET_NOT_PERMITTED"},
			"another's availability":             {"agent1", "setAvailability", object{"memberId": w.global("member agent2"), "availability": "AWAY"}, "PERMISSION_DENIED"},
		} {
			t.Run(name, func(t *testing.T) {
				before, err := s.store.Directory(t.Context(), w.id)
				require.NoError(t, err)
				require.Equal(t, row.want, w.in(t).as(row.as).refusedAct(row.do, row.input))
				after, err := s.store.Directory(t.Context(), w.id)
				require.NoError(t, err)
				require.Equal(t, before, after)
				stored, err := s.store.Conversation(t.Context(), w.id, c.ID)
				require.NoError(t, err)
				require.Equal(t, c.Version, stored.Version)
			})
		}
	})
}

// A team without members has a queue all the same: what is handed off to it
// waits, in its place, until somebody joins. B:Q7
func TestATeamWithoutMembers(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		team := dig(t, w.as("owner").act("createTeam", object{"name": "Nobody yet"}), "team.id")
		for want := range 2 {
			c := w.chat()
			payload := w.as("ai").act("requestHandoff", object{"conversationId": resolvers.ConversationID(c.ID), "to": object{"teamId": team}})
			requireMatch(t, object{"assignee": nil}, payload["conversation"], "conversation")
			for _, who := range []*client{w.contact(c), w.as("manager")} {
				place := who.do(`query($id: ID!) { conversation(id: $id) { handler queuePosition waitingSince } }`, vars{"id": resolvers.ConversationID(c.ID)})
				require.Equal(t, "QUEUED", place.at("conversation.handler"))
				require.Equal(t, number(want+1), place.at("conversation.queuePosition"))
				require.NotNil(t, place.at("conversation.waitingSince"))
			}
		}
	})
}
