package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// verdictSelections ask what their subscriber may do, in every place where many are served by
// one execution.
func verdictSelections() map[string][]string {
	const can = `viewerCan { action allowed reason permission requiredPlan { name label } reasonRequired }`
	return map[string][]string{
		`inboxChanges(view: {})`: {
			`subscription { inboxChanges(view: {}) { cursor change conversationId conversation { id assignee { name } ` + can + ` } } }`,
			`subscription { inboxChanges(view: {}) { conversation { ...f contact { name }
				some: viewerCan(actions: [ACCEPT_OFFER, CLOSE]) { allowed reason } } } } fragment f on Conversation { version ` + can + ` }`,
			`subscription { a: inboxChanges(view: {}) { c: conversation { queuePosition waitingSince reclaimAt contact { id name } lastMessage { id }
				offer { id status sender { name } member { name } team { name } endCause }
				... on Node { ... on Conversation { x: viewerCan(actions: [CLAIM, TAKE_OVER]) @include(if: true) { a: action allowed reasonRequired } } }
				... @include(if: true) { y: viewerCan(actions: [TRANSFER, REPLY]) { __typename reason requiredPlan { label } } }
				z: viewerCan @skip(if: true) { allowed } none: viewerCan(actions: []) { allowed } } } }`,
		},
		`assignmentEvents`: {
			`subscription { assignmentEvents { cursor node { kind sequence conversation { id offer { status } ` + can + ` } } } }`,
		},
	}
}

// Whoever shares an execution with others of the same visibility is told what they may do
// themselves, byte for byte as if they were alone: by their roles, their teams, what they own
// and what they are offered, whatever becomes of these meanwhile. B:Z5, B:V4
func TestWalkSharedVerdictsAreWhatEachWouldBeTold(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		space := s.newSpace(t, "enterprise", nil)
		space.editWorkspace(func(ws *workspace.Workspace) {
			ws.Rules.Visibility = workspace.VisibleOpen
			ws.Rules.ReasonsRequired = workspace.UsagesOf(workspace.ReasonTakeover)
		})
		w := space.twice()
		people := []string{"manager", "owner", "senior", "observer", "agent1", "agent2", "sales1"}
		all := w.audiences(people, verdictSelections())
		require.Equal(t, 4, s.handler.Stats().Groups, "one for each selection, whoever follows")
		var chat, ticket inbox.Conversation
		on := func(c *inbox.Conversation) desk.Request { return desk.Request{Conversation: c.ID} }
		w.step(all, func() { chat = w.chat() })
		w.step(all, func() { ticket = w.ticket("team support") })
		w.step(all, func() { chat = w.claim(chat, "agent1") })
		w.step(all, func() { w.offerOf(chat.ID, "agent1", access.Owner{Member: w.member("agent2")}) })
		w.step(all, w.by("agent2", func(p inbox.Principal) (desk.Outcome, error) {
			return w.service.Desk.DeclineOffer(t.Context(), p, w.stored(chat.ID).Offer.ID, desk.Declining{Reason: "busy"})
		}))
		w.step(all, func() { w.offerOf(chat.ID, "agent1", access.Owner{Member: w.member("sales1")}) })
		w.editMember("senior", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"agent"} })
		w.editMember("sales1", func(m *workspace.Member) { m.Teams = nil })
		w.step(all, func() { ticket = w.claim(ticket, "agent2") })
		w.editWorkspace(func(ws *workspace.Workspace) { ws.Rules.SendPolicy = workspace.SendAnyone })
		w.step(all, w.by("agent1", func(p inbox.Principal) (desk.Outcome, error) {
			return w.service.Desk.SetStatus(t.Context(), p, on(&chat), inbox.Closed)
		}))
	})
}
