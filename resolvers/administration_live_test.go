package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// soonEnough is within what a change of rights may take on every server. B:Z6
const soonEnough = 2 * time.Second

// An act on one server ends what it forbids on the other within two seconds,
// without any event in between. B:Z4, B:Z6
func TestActsEndStreamsOnEveryServer(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		for name, c := range map[string]struct {
			act  func(w *space)
			code string
		}{
			"removal": {func(w *space) { w.as("admin").act("removeMember", object{"id": w.global("member observer")}) }, "UNAUTHENTICATED"},
			"a role taken": {func(w *space) {
				w.as("admin").act("updateRole", object{"name": "auditor", "permissions": []string{"close:livechat:OWN"}})
			}, "PERMISSION_DENIED"},
			"a lowered plan": {func(w *space) { w.as("owner").act("setPlan", object{"plan": "free"}) }, "PERMISSION_DENIED"},
			"another role": {func(w *space) {
				w.as("admin").act("createRole", object{"name": "closer", "permissions": []string{"close:livechat:OWN"}})
				w.as("admin").act("updateMember", object{"id": w.global("member observer"), "roles": []string{"closer"}})
			}, "PERMISSION_DENIED"},
		} {
			t.Run(name, func(t *testing.T) {
				w := one.newSpace(t, "enterprise", withAuditor)
				there := w.in(t).on(two)
				there.t = t
				events := there.as("observer").follow(followEvents, nil)
				began := time.Now()
				c.act(w.in(t))
				require.Equal(t, c.code, events.refused())
				t.Logf("ended after %v of %v", time.Since(began), soonEnough)
			})
		}
	})
}

// What is shown on another server follows a demotion, a change of teams and a
// change of plan. B:Z5, B:Z6
func TestVerdictsFollowActsOnEveryServer(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.newSpace(t, "enterprise", nil)
		there := w.on(two)
		c := w.owned("agent1")
		query := `query($id: ID!) { conversation(id: $id) { viewerCan(actions: [TAKE_OVER, MONITOR]) { allowed reason } } }`
		id := vars{"id": resolvers.ConversationID(c.ID)}
		becomes := func(who, want string) {
			t.Helper()
			began := time.Now()
			require.Eventually(t, func() bool {
				got := there.as(who).do(query, id)
				if want == "out of sight" {
					return got.code() == "PERMISSION_DENIED"
				}
				nodes, _ := dig(t, got.Data, "conversation").(object)
				if nodes == nil {
					return false
				}
				verdicts := column(t, nodes["viewerCan"], "reason")
				return verdicts[0] == want || verdicts[1] == want
			}, patience, 5*tick, "%s: %s", who, want)
			t.Logf("%s: %q after %v of %v", who, want, time.Since(began), soonEnough)
		}
		becomes("agent2", "")
		w.as("admin").act("updateMember", object{"id": w.global("member agent2"), "roles": []string{"observer"}})
		becomes("agent2", "PERMISSION")
		w.as("manager").act("updateTeam", object{"id": w.global("team support"), "memberIds": []string{w.global("member agent1")}})
		becomes("away", "out of sight")
		w.as("manager").act("updateTeam", object{"id": w.global("team sales"), "memberIds": []string{w.global("member agent1"), w.global("member away")}})
		becomes("away", "")
		w.as("owner").act("setPlan", object{"plan": "lite"})
		becomes("manager", "PLAN")
	})
}

// A stream goes on, and shows what the new team may see. B:Z4
func TestAChangeOfTeamsChangesWhatAStreamTells(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.newSpace(t, "enterprise", nil)
		theirs := w.ticket("sales1")
		st := w.on(two).as("agent1").follow(followEvents, nil)
		w.as("admin").act("updateMember", object{"id": w.global("member agent1"), "teamIds": []string{w.global("team sales")}})
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: theirs.ID}, inbox.Unset)
		require.NoError(t, err)
		require.Equal(t, "STATUS_CHANGED", dig(t, st.item(), "node.kind"))
	})
}
