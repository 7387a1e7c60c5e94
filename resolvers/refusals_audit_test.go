package resolvers_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/resolvers"
)

// toldRefusal is what an audit log would be told.
type toldRefusal struct {
	who    inbox.Principal
	action audit.AuditAction
	target audit.AuditTarget
	code   inbox.Code
}

// refusalBook remembers it.
type refusalBook struct {
	mu   sync.Mutex
	told []toldRefusal
}

func (b *refusalBook) tell(who inbox.Principal, action audit.AuditAction, target audit.AuditTarget, code inbox.Code) {
	b.mu.Lock()
	defer b.mu.Unlock()
	who.Expires = time.Time{} // that of the token it was
	b.told = append(b.told, toldRefusal{who, action, target, code})
}

// taken gives what was told since it was last asked.
func (b *refusalBook) taken() []toldRefusal {
	b.mu.Lock()
	defer b.mu.Unlock()
	told := b.told
	b.told = nil
	return told
}

// What somebody may not do is told, with who tried, what and on what; what is
// refused for another reason, and what is done, is not. B:Z1
func TestRefusalsAreTold(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, poor := s.newSpace(t, "enterprise", nil), s.newSpace(t, "free", nil)
		c := w.owned("agent1")
		s.refused.taken()
		try := func(who *client, name, input string, v object) []toldRefusal {
			t.Helper()
			who.do("mutation($input: "+input+"!) { payload: "+name+"(input: $input) { userErrors { code } } }", vars{"input": v})
			return s.refused.taken()
		}
		id := resolvers.ConversationID(c.ID)
		require.Equal(t, []toldRefusal{{w.principal("agent1"), audit.AuditPlanSet, audit.AuditTarget{Kind: audit.AuditWorkspace, ID: string(w.id)}, inbox.PermissionDenied}},
			try(w.as("agent1"), "setPlan", "SetPlanInput", object{"plan": "free"}))
		team := audit.AuditTarget{Kind: audit.AuditTeam, ID: string(w.team("sales"))}
		require.Equal(t, []toldRefusal{{w.principal("agent1"), audit.AuditTeamDelete, team, inbox.PermissionDenied}},
			try(w.as("agent1"), "deleteTeam", "DeleteTeamInput", object{"id": w.global("team sales")}))
		require.Equal(t, []toldRefusal{{w.principal("observer"), "conversation.takeOver", audit.AuditTarget{Kind: audit.AuditConversation, ID: string(c.ID)}, inbox.PermissionDenied}},
			try(w.as("observer"), "takeOverConversation", "TakeOverConversationInput", object{"conversationId": id}))
		require.Empty(t, try(w.as("agent1"), "takeOverConversation", "TakeOverConversationInput", object{"conversationId": id}), "it is theirs already")
		require.Empty(t, try(w.as("owner"), "takeOverConversation", "TakeOverConversationInput", object{"conversationId": id}), "it was done")

		owned := poor.owned("agent1")
		s.refused.taken()
		told := try(poor.as("agent1"), "transferConversation", "TransferConversationInput",
			object{"conversationId": resolvers.ConversationID(owned.ID), "to": object{"memberId": poor.global("member owner")}})
		require.Len(t, told, 1)
		require.Equal(t, inbox.PlanRequired, told[0].code)
		require.Equal(t, audit.AuditAction("conversation.transfer"), told[0].action)
		require.Equal(t, poor.id, told[0].who.Workspace)
	})
}
