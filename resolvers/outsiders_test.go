package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const startNewAsked = `mutation($input: StartNewInput!) { payload: startNewConversation(input: $input) {
	contactToken conversation { id lastMessage { body } } message { id } userErrors { code }
} }`

// A repeat is answered by what is so now: what was revoked since is not handed out
// anew, nor shown. B:Z4
func TestARepeatLeadsPastNoRevocation(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		closeChat(w, c)
		old := w.contact(c)
		input := vars{"input": object{"conversationId": resolvers.ConversationID(c.ID), "body": "Hello again", "idempotencyKey": "k-1"}}
		first := old.do(startNewAsked, input)
		require.NotNil(t, first.at("payload.contactToken"), first.text)
		next := w.stored(c.ID).Next
		require.Equal(t, first.at("payload.message.id"), old.do(startNewAsked, input).at("payload.message.id"), "a repeat before it")
		require.Empty(t, w.as("manager").do(revoke, vars{"id": resolvers.ConversationID(next)}).at("revokeContactTokens.userErrors"))
		_, err := w.service.Messages.Send(t.Context(), w.principal("owner"), desk.SendRequest{Conversation: next, Body: "SECRET-AFTER"})
		require.NoError(t, err)
		got := old.do(startNewAsked, input)
		require.NotContains(t, got.text, "SECRET-AFTER")
		require.NotContains(t, got.text, `contactToken":"`)
		require.Equal(t, "UNAUTHENTICATED", got.code())
	})
}

// A key that views conversations of one kind reads none of another kind that it
// only feeds. B:Z2
func TestWhatAKeyOnlyFeedsItDoesNotRead(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.alices(t)
		after := "SECRET-AFTER"
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, &after, "")
		require.NoError(t, err)
		made := w.as("owner").do(`mutation($p: [String!]) { createApiKey(input: {name: "Mixed", role: "partner", permissions: $p}) { secret userErrors { code } } }`,
			vars{"p": []any{"view:ticket:ALL", "reply:livechat:ALL"}})
		secret, _ := made.at("createApiKey.secret").(string)
		key := &client{t: t, server: w.server, token: secret, space: w}
		for _, asked := range []string{
			`{ conversationByExternalId(externalId: "sess-1") { id lastMessage { body } } }`,
			`mutation { startLivechat(input: {externalId: "sess-1", contact: {externalId: "alice"}}) { conversation { id lastMessage { body } } } }`,
			`mutation { postMessage(input: {conversationExternalId: "sess-1", author: {contact: true}, body: "Hi", idempotencyKey: "p"}) { message { id } } }`,
			`mutation { revokeContactTokens(input: {conversationExternalId: "sess-1"}) { conversation { lastMessage { body } } userErrors { code } } }`,
		} {
			require.NotContains(t, key.do(asked, nil).text, "SECRET-AFTER", asked)
		}
	})
}

// What is repeated of a revocation shows the conversation as it is now. B:V8b
func TestARepeatedRevocationShowsWhatIsSoNow(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.alices(t)
		asked := `mutation($id: ID!) { revokeContactTokens(input: {conversationId: $id, idempotencyKey: "r-1"}) { conversation { id version assignee { id } contact { email } lastMessage { body } } userErrors { code } } }`
		id := vars{"id": resolvers.ConversationID(c.ID)}
		require.Contains(t, w.as("manager").do(asked, id).text, "alice@example.test")
		w.claim(w.stored(c.ID), "agent1")
		now := w.as("manager").do(`query($id: ID!) { conversation(id: $id) { id version assignee { id } contact { email } lastMessage { body } } }`, id).at("conversation")
		require.Equal(t, now, w.as("manager").do(asked, id).at("revokeContactTokens.conversation"))
		w.editWorkspace(func(ws *workspace.Workspace) {
			ws.Rules.Visibility, ws.Plan = workspace.VisibleExclusive, "lite"
		})
		w.settle()
		see := w.as("manager").do(`query($id: ID!) { conversation(id: $id) { id } }`, id)
		require.Equal(t, "PLAN_REQUIRED", see.code())
		require.NotContains(t, w.as("manager").do(asked, id).text, "alice@example.test")
	})
}

// Internal notes leave no trace in what a contact may read. B:V8
func TestInternalNotesLeaveNoTraceForTheContact(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		w.say(c, "Hello")
		asked := `query($id: ID!) { conversation(id: $id) { id kind subject channel status handler assignee { name } queuePosition waitingSince lastMessage { id body at } lastActivityAt createdAt messages { nodes { id } } } }`
		v := vars{"id": resolvers.ConversationID(c.ID)}
		before := w.contact(c).do(asked, v).at("conversation")
		w.note(c, "agent1", "A note")
		require.Equal(t, before, w.contact(c).do(asked, v).at("conversation"))
	})
}

// A chain of closed conversations leads nobody past one out of sight. B:C4
func TestAChainLeadsNobodyPastWhatIsOutOfSight(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.OnCloseChat = workspace.KeepAssignee })
		a := w.owned("agent1")
		closeChat(w, a)
		sent, err := w.service.Messages.StartNew(t.Context(), w.principal("owner"), a.ID, "Hello", "")
		require.NoError(t, err)
		b := sent.Conversation
		w.pass(b.ID, access.Owner{Member: w.member("sales1")}, "")
		closeChat(w, b)
		ask := func(c inbox.Conversation) answer {
			return w.as("agent1").do(startNewAsked, vars{"input": object{"conversationId": resolvers.ConversationID(c.ID), "body": "Hi"}})
		}
		direct := ask(b)
		require.Equal(t, []string{"PERMISSION_DENIED"}, column(t, direct.at("payload.userErrors"), "code"), direct.text)
		require.Equal(t, []string{"PERMISSION_DENIED"}, column(t, ask(a).at("payload.userErrors"), "code"))
		require.Empty(t, w.stored(b.ID).Next)
	})
}

// The last item of a stream that missed the loss shows who has the conversation
// now, and nothing that is not open. B:V8b
func TestALossThatWasMissedShowsWhatIsSoNow(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.claim(w.alices(t), "agent1")
	st := w.as("agent1").follow(`subscription($id: ID!) { conversationUpdates(id: $id) { gap accessLost conversation { assignee { name } lastMessage { body } contact { email } } } }`, vars{"id": resolvers.ConversationID(c.ID)})
	s.pumped.mu.Lock()
	defer s.pumped.mu.Unlock()
	_, err := w.service.Desk.TakeOver(t.Context(), w.principal("admin"), desk.Request{Conversation: c.ID}, nil, "")
	require.NoError(t, err)
	s.hub.Gap(s.hub.Position())
	item := st.item()
	requireMatch(t, object{"accessLost": true, "conversation": object{"assignee": object{"name": "Adrián Núñez"}, "lastMessage": nil, "contact": object{"email": nil}}}, item, "item")
}

// The wallboard is for who may view conversations, and for as long as they may. B:Z4, B:V6
func TestTheWallboardIsForWhoMayView(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) {
			d.Workspace.CustomRoles = []workspace.CustomRole{{Name: "blind", Permissions: []workspace.Permission{{Kind: workspace.Ticket, Action: workspace.PermReply, Scope: workspace.ScopeOwn}}}}
			m := d.Members[workspace.MemberID(string(d.Workspace.ID)+"-away")]
			m.Roles = []workspace.RoleName{"blind"}
			d.Members[m.ID] = m
		})
		board := `subscription { workloads { members { openLivechats } queue { waiting } } }`
		require.Equal(t, "PERMISSION_DENIED", w.as("away").connect().subscribe(board, nil).refused(), "a role that views nothing")
		st := w.as("agent1").follow(board, nil)
		st.item()
		w.editMember("agent1", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"blind"} })
		require.Equal(t, "PERMISSION_DENIED", st.refused(), "it ends with the right")
	})
}

// Whoever may claim claims what they may see, by every door, and learns nothing of
// who owns the rest. B:O1, B:A4
func TestNobodyClaimsWhatIsOutOfSight(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) {
			d.Workspace.CustomRoles = []workspace.CustomRole{{Name: "claimer", Permissions: []workspace.Permission{
				{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeOwn}, {Kind: workspace.Livechat, Action: workspace.PermReply, Scope: workspace.ScopeAll},
				{Kind: workspace.Livechat, Action: workspace.PermClaim, Scope: workspace.ScopeAll}, {Kind: workspace.Livechat, Action: workspace.PermTakeover, Scope: workspace.ScopeAll},
			}}}
			m := d.Members[workspace.MemberID(string(d.Workspace.ID)+"-agent2")]
			m.Roles = []workspace.RoleName{"claimer"}
			d.Members[m.ID] = m
		})
		for name, c := range map[string]inbox.Conversation{"nobody's": w.chat(), "somebody else's": w.owned("agent1")} {
			for field, more := range map[string]object{"claimConversation": {}, "takeOverConversation": {}, "assignConversation": {"to": object{"memberId": w.global("member agent2")}}} {
				more["conversationId"] = resolvers.ConversationID(c.ID)
				require.Equal(t, "PERMISSION_DENIED", w.as("agent2").refusedAct(field, more), "%s of %s", field, name)
			}
			require.Equal(t, c, w.stored(c.ID))
		}
	})
}
