package resolvers_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/resolvers"
)

const (
	followEvents = `subscription($filter: AssignmentEventFilter, $after: Cursor) { assignmentEvents(filter: $filter, after: $after) {
		cursor gap node { id kind version epoch reason note at actor { __typename ... on Member { name } }
			from { assignee { name } team { name } handler status } to { assignee { name } team { name } handler status }
			conversation { id version assignee { name } } }
	} }`
	followConversation = `subscription($id: ID!) { conversationUpdates(id: $id) {
		cursor accessLost event { id kind version } message { id body internal author { __typename ... on Member { name } } }
		conversation { id version handler assignee { name } lastMessage { body } }
	} }`
)

func (c *client) followConversation(id inbox.ConversationID) *stream {
	return c.follow(followConversation, vars{"id": resolvers.ConversationID(id)})
}

// play does a whole life of a conversation through the API and gives the ids of
// its events, in order.
func (st *stage) play() (events, kinds []string) {
	st.t.Helper()
	for _, d := range []deed{
		{As: "ai", Do: "requestHandoff", Input: object{"to": object{"memberId": "@member agent1"}}},
		{As: "agent1", Do: "transferConversation", Input: object{"to": object{"memberId": "@member agent2"}, "note": "please"}},
		{As: "senior", Do: "takeOverConversation", Input: object{"message": "Hello", "reason": "because"}},
		{As: "senior", Do: "undoOwnershipChange", Input: object{"eventId": "$event"}},
		{As: "agent2", Do: "setConversationStatus", Input: object{"status": "UNSET"}},
		{As: "agent2", Do: "leaveConversation"},
		{As: "agent1", Do: "claimConversation"},
		{As: "manager", Do: "unassignConversation"},
		{As: "manager", Do: "assignConversation", Input: object{"to": object{"teamId": "@team sales"}}},
		{As: "manager", Do: "setConversationStatus", Input: object{"status": "CLOSED"}},
	} {
		if d.Do == "undoOwnershipChange" { // a sent message counts as something that happened since
			d = deed{As: "agent2", Do: "takeOverConversation"}
		}
		st.succeed(d)
		events = append(events, st.event)
	}
	return events, []string{"HANDED_OFF", "TRANSFERRED", "TAKEN_OVER", "TAKEN_OVER", "STATUS_CHANGED", "LEFT", "CLAIMED", "UNASSIGNED", "AUTO_ASSIGNED", "CLOSED"}
}

// B:V3, B:V9
func TestAssignmentEventsComeInOrder(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w, other := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		st := &stage{space: w, schema: schema}
		st.set("chat")
		first, second := w.as("manager").follow(followEvents, nil), w.as("agent1").follow(followEvents, nil)
		filtered := w.as("owner").follow(followEvents, vars{"filter": object{"kinds": []string{"TAKEN_OVER", "CLOSED"}}})
		other.chat()
		events, kinds := st.play()
		var cursors []string
		for i := range events {
			item := first.item()
			require.Equal(t, events[i], dig(t, item, "node.id"))
			require.Equal(t, kinds[i], dig(t, item, "node.kind"))
			require.Equal(t, false, item["gap"])
			require.Equal(t, number(i+2), dig(t, item, "node.version"))
			require.Equal(t, number(i+2), dig(t, item, "node.conversation.version"), "the conversation is not as this change left it")
			cursor, _ := item["cursor"].(string)
			require.NotContains(t, cursors, cursor)
			cursors = append(cursors, cursor)
			mine := second.item()
			require.Equal(t, item["node"], mine["node"], "two listeners were told different things")
			requireMatch(t, map[int]object{
				1: {"note": "please", "actor": object{"name": "Anna Berg"}, "from": object{"assignee": object{"name": "Anna Berg"}}, "to": object{"assignee": object{"name": "Émile Okafor"}, "handler": "HUMAN"}},
				2: {"reason": "because", "actor": object{"__typename": "Member", "name": "Samira Haddad"}},
				9: {"to": object{"handler": "AI", "status": "CLOSED", "assignee": nil}},
			}[i], item["node"], "node")
			if kinds[i] == "TAKEN_OVER" || kinds[i] == "CLOSED" {
				require.Equal(t, events[i], dig(t, filtered.item(), "node.id"))
			}
		}
	})
}

// Changes of many conversations at once: each once, each conversation's in its
// own order, everybody told the same. B:V9
func TestManyChangesAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		var chats []inbox.Conversation
		for range 6 {
			chats = append(chats, w.chat())
		}
		streams := []*stream{w.as("manager").follow(followEvents, nil), w.as("owner").follow(followEvents, nil)}
		errs := make(chan error, len(chats))
		for _, c := range chats {
			go func() { errs <- w.hammer(c) }()
		}
		for range chats {
			require.NoError(t, <-errs)
		}
		var told [2][]any
		for i, st := range streams {
			next := map[any]int{}
			for range len(chats) * 6 {
				item := st.item()
				id := dig(t, item, "node.conversation.id")
				next[id]++
				require.Equal(t, number(next[id]+1), dig(t, item, "node.version"))
				told[i] = append(told[i], dig(t, item, "node.id"))
			}
			require.Len(t, next, len(chats))
		}
		require.Equal(t, told[0], told[1])
	})
}

// hammer makes six changes of c.
func (w *space) hammer(c inbox.Conversation) error {
	for range 3 {
		if _, err := w.service.Claim(w.t.Context(), w.principal("agent1"), inbox.Request{Conversation: c.ID}); err != nil {
			return err
		}
		if _, err := w.service.Leave(w.t.Context(), w.principal("agent1"), inbox.Request{Conversation: c.ID}); err != nil {
			return err
		}
	}
	return nil
}

// Who may not see a change is not told of it. B:Z4
func TestEventsAreToldToWhoMaySeeThem(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		mine, sales, ai := w.as("agent1").follow(followEvents, nil), w.as("sales1").follow(followEvents, nil), w.as("ai2").follow(followEvents, nil)
		theirs := w.ticket("sales1")                                 // sales1 alone
		ours := w.ticket("team support")                             // agent1 alone
		bot := w.start(inbox.NewConversation{Agent: w.agent("ai2")}) // everybody: nobody owns it
		require.Equal(t, resolvers.ConversationID(theirs.ID), dig(t, sales.item(), "node.conversation.id"))
		require.Equal(t, resolvers.ConversationID(ours.ID), dig(t, mine.item(), "node.conversation.id"))
		for _, st := range []*stream{mine, sales, ai} {
			require.Equal(t, resolvers.ConversationID(bot.ID), dig(t, st.item(), "node.conversation.id"))
		}
		_, err := w.service.Assign(t.Context(), w.principal("owner"), inbox.Request{Conversation: bot.ID}, inbox.Owner{Member: w.member("sales1")}, "")
		require.NoError(t, err)
		// It leaves the sight of agent1, who is told that it did.
		require.Equal(t, "Chiara Rossi", dig(t, mine.item(), "node.to.assignee.name"))
		refused := w.contact(bot).connect().subscribe(followEvents, nil)
		require.Equal(t, "PERMISSION_DENIED", refused.refused())
	})
}

// B:V7, B:K2
func TestTakeoverWithMessageIsOneItem(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		st := w.as("agent1").followConversation(c.ID)
		dashboard := w.as("owner").follow(followEvents, nil)
		message := "I take it from here"
		out, err := w.service.TakeOver(t.Context(), w.principal("senior"), inbox.Request{Conversation: c.ID}, &message, "")
		require.NoError(t, err)
		item := st.item()
		require.Equal(t, object{"id": resolvers.GlobalID("AssignmentEvent", out.Event.ID), "kind": "TAKEN_OVER", "version": number(3)}, item["event"])
		requireMatch(t, object{"body": message, "internal": false, "author": object{"name": "Samira Haddad"}}, item["message"], "message")
		requireMatch(t, object{"version": number(3), "handler": "HUMAN", "assignee": object{"name": "Samira Haddad"}, "lastMessage": object{"body": "*"}}, item["conversation"], "conversation")
		require.Equal(t, false, item["accessLost"])
		// What tells the contact of the new owner comes as an item of its own, with
		// no event: the change was told once.
		notice := st.item()
		require.Nil(t, notice["event"])
		requireMatch(t, object{"body": "Samira Haddad is now in the conversation.", "author": object{"__typename": "SystemActor"}}, notice["message"], "message")
		require.Equal(t, resolvers.GlobalID("AssignmentEvent", out.Event.ID), dig(t, dashboard.item(), "node.id"))
	})
}

// B:V7
func TestConversationUpdatesShowMessagesInOrder(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		streams := []*stream{w.as("agent1").followConversation(c.ID), w.as("observer").followConversation(c.ID)}
		w.owned("agent2") // of no concern
		for i := range 12 {
			_, err := w.service.Send(t.Context(), w.principal("agent1"), inbox.SendRequest{Conversation: c.ID, Body: fmt.Sprint(i), Internal: i%3 == 0})
			require.NoError(t, err)
		}
		for i := range 12 {
			for _, st := range streams {
				item := st.item()
				requireMatch(t, object{"event": nil, "message": object{"body": fmt.Sprint(i), "internal": i%3 == 0}, "conversation": object{"version": number(2)}}, item, "item")
			}
		}
	})
}

// B:K1, B:Z8
func TestAccessLost(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *inbox.Directory) { d.Workspace.Rules.Visibility = inbox.VisibleExclusive })
		c := w.owned("agent1")
		st := w.as("agent1").followConversation(c.ID)
		secret := "not for Anna"
		_, err := w.service.TakeOver(t.Context(), w.principal("manager"), inbox.Request{Conversation: c.ID}, &secret, "")
		require.NoError(t, err)
		m := st.message()
		require.NotContains(t, string(m.Payload), secret)
		item := parse(t, 0, m.Payload).at("conversationUpdates")
		requireMatch(t, object{
			"accessLost": true, "message": nil, "event": object{"kind": "TAKEN_OVER"},
			"conversation": object{"assignee": object{"name": "Mara Lindqvist"}, "lastMessage": nil},
		}, item, "item")
		st.completed()
	})
}

// withAuditor gives the observer a role that the workspace made.
func withAuditor(d *inbox.Directory) {
	d.Workspace.CustomRoles = []inbox.CustomRole{{Name: "auditor", Permissions: []inbox.Permission{{Kind: inbox.Livechat, Action: inbox.PermView, Scope: inbox.ScopeAll}}}}
	for id, m := range d.Members {
		if m.Name == "Oskar Vance" {
			m.Roles = []inbox.RoleName{"auditor"}
			d.Members[id] = m
		}
	}
}

// A change of rights stops running streams, with an error, though no
// conversation changed. B:Z4, B:Z6
func TestLostRightsStopStreams(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, c := range []struct {
			name, code string
			change     func(w *space)
		}{
			{"the roles are taken", "PERMISSION_DENIED", func(w *space) { w.editMember("observer", func(m *inbox.Member) { m.Roles = nil }) }},
			{"the member is removed", "UNAUTHENTICATED", func(w *space) { w.editMember("observer", func(m *inbox.Member) { m.Removed = true }) }},
			{"the plan is lowered", "PERMISSION_DENIED", func(w *space) { w.editWorkspace(func(ws *inbox.Workspace) { ws.Plan = "free" }) }},
			{"the role is changed", "PERMISSION_DENIED", func(w *space) {
				w.editWorkspace(func(ws *inbox.Workspace) { ws.CustomRoles = []inbox.CustomRole{{Name: "auditor"}} })
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", withAuditor)
				chat := w.chat()
				events, one := w.as("observer").follow(followEvents, nil), w.as("observer").followConversation(chat.ID)
				bystander := w.as("owner").follow(followEvents, nil)
				w.claim(chat, "agent1")
				require.Equal(t, "CLAIMED", dig(t, events.item(), "node.kind"))
				require.Equal(t, "CLAIMED", dig(t, one.item(), "event.kind"))
				require.Equal(t, "CLAIMED", dig(t, bystander.item(), "node.kind"))
				c.change(w)
				require.Equal(t, c.code, events.refused())
				if c.code == "UNAUTHENTICATED" {
					require.Equal(t, c.code, one.refused())
				} else {
					last := one.item()
					requireMatch(t, object{"accessLost": true, "event": nil, "message": nil}, last, "item")
					one.completed()
				}
				_, err := w.service.Leave(t.Context(), w.principal("agent1"), inbox.Request{Conversation: chat.ID})
				require.NoError(t, err)
				require.Equal(t, "LEFT", dig(t, bystander.item(), "node.kind"))
			})
		}
	})
}

// A team changed elsewhere is in force here for the very next event. B:Z6
func TestChangedTeamsCountForTheNextEvent(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.ticket("sales1")
		st := w.as("agent1").follow(followEvents, nil)
		w.editMember("agent1", func(m *inbox.Member) { m.Teams = []inbox.TeamID{w.team("sales")} })
		// By the store alone: the directory that this server remembers plays no part.
		_, err := w.service.SetStatus(t.Context(), w.principal("owner"), inbox.Request{Conversation: c.ID}, inbox.Unset)
		require.NoError(t, err)
		require.Equal(t, "STATUS_CHANGED", dig(t, st.item(), "node.kind"))
		require.Equal(t, "", w.as("agent1").do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": resolvers.ConversationID(c.ID)}).code())
	})
}

// B:V3
func TestAfter(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		st := w.as("owner").follow(followEvents, nil)
		w.claim(c, "agent1")
		seen, _ := st.item()["cursor"].(string)

		again := w.as("owner").followAtOnce(followEvents, vars{"after": seen})
		_, err := w.service.Leave(t.Context(), w.principal("agent1"), inbox.Request{Conversation: c.ID})
		require.NoError(t, err)
		item := again.item()
		require.Equal(t, false, item["gap"], "nothing was missed")
		require.Equal(t, "LEFT", dig(t, item, "node.kind"))

		missed := w.as("owner").follow(followEvents, vars{"after": seen})
		gap := missed.item()
		require.Equal(t, true, gap["gap"])
		require.Nil(t, gap["node"])
		require.NotEmpty(t, gap["cursor"])
		w.claim(c, "agent2")
		require.Equal(t, "CLAIMED", dig(t, missed.item(), "node.kind"), "it goes on after the gap")

		foreign := s.newSpace(t, "enterprise", nil)
		for _, bad := range []string{"", "x", seen[1:], seen + "x", seen + "\n", conversationsBy("CREATED", "ASC").cursor(w.as("owner"))} {
			require.Equal(t, "INVALID_CURSOR", w.as("owner").connect().subscribe(followEvents, vars{"after": bad}).refused(), bad)
		}
		require.Equal(t, "INVALID_CURSOR", foreign.as("owner").connect().subscribe(followEvents, vars{"after": seen}).refused())
		require.Eventually(t, func() bool { return s.hub.Subscriptions() == 3 }, patience, tick, "refused subscriptions were left behind")
	})
}

// A feed that lost its place is said by gap, and what follows one conversation
// shows it anew. B:V3
func TestALostFeedIsAGap(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		events, one := w.as("owner").follow(followEvents, nil), w.as("owner").followConversation(c.ID)
		s.hub.Gap("somewhere")
		item := events.item()
		require.Equal(t, true, item["gap"])
		require.Nil(t, item["node"])
		requireMatch(t, object{"accessLost": false, "event": nil, "message": nil, "conversation": object{"assignee": object{"name": "Anna Berg"}}}, one.item(), "item")
		_, err := w.service.Leave(t.Context(), w.principal("agent1"), inbox.Request{Conversation: c.ID})
		require.NoError(t, err)
		require.Equal(t, "LEFT", dig(t, events.item(), "node.kind"))
		require.Equal(t, "LEFT", dig(t, one.item(), "event.kind"))
	})
}

// A fault in the middle of a stream ends it with a masked error.
func TestFaultsInStreamsAreMasked(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.chat()
	st := w.as("owner").followConversation(c.ID)
	s.watched.fail(t, "Conversation", errors.New("the disk smells of kerosene"))
	s.hub.Gap("somewhere")
	m := st.message()
	require.Equal(t, "error", m.Type)
	require.NotContains(t, string(m.Payload), "kerosene")
	shown := parse(t, 0, []byte(`{"errors":`+string(m.Payload)+`}`))
	require.Equal(t, "INTERNAL", shown.code())
	id, _ := shown.Errors[0].Extensions["id"].(string)
	require.Len(t, s.log.entries(t, id), 1)
}

// A stream that a client completes is given up, and the socket goes on.
func TestCompletedStreamsAreGivenUp(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	st := w.as("owner").follow(followEvents, nil)
	st.send(wireMessage{ID: st.id, Type: "complete"})
	require.Eventually(t, func() bool { return s.hub.Subscriptions() == 0 }, patience, tick, "the subscription was left behind")
	again := st.subscribe(followEvents, nil)
	require.Eventually(t, func() bool { return s.hub.Subscriptions() == 1 }, patience, tick, "the second did not begin")
	w.chat()
	require.Equal(t, "CREATED", dig(t, again.item(), "node.kind"))
}

// What an item shows is decided with the rights of that moment, also where it
// is worked out only when it is asked for. B:Z4, B:Z5
func TestItemsAreMadeWithPresentRights(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		query := `subscription { assignmentEvents { node { conversation { viewerCan(actions: [TAKE_OVER, TRANSFER]) { allowed reason requiredPlan { name } } } actor { ... on Member { name roles { name } } } } } }`
		st := w.as("agent2").follow(query, nil)
		status := inbox.Unset
		change := func() object {
			_, err := w.service.SetStatus(t.Context(), w.principal("agent1"), inbox.Request{Conversation: c.ID}, status)
			require.NoError(t, err)
			status = map[inbox.Status]inbox.Status{inbox.Unset: inbox.Open, inbox.Open: inbox.Unset}[status]
			return st.item()
		}
		require.Equal(t, []any{object{"allowed": true, "reason": nil, "requiredPlan": nil}, object{"allowed": false, "reason": "NOT_ASSIGNEE", "requiredPlan": nil}}, dig(t, change(), "node.conversation.viewerCan"))
		w.editMember("agent2", func(m *inbox.Member) { m.Roles = []inbox.RoleName{"observer"} })
		w.editMember("agent1", func(m *inbox.Member) { m.Roles = []inbox.RoleName{"agent", "manager"} })
		w.settle()
		item := change()
		require.Equal(t, []any{object{"allowed": false, "reason": "PERMISSION", "requiredPlan": nil}, object{"allowed": false, "reason": "PERMISSION", "requiredPlan": nil}}, dig(t, item, "node.conversation.viewerCan"))
		require.Len(t, dig(t, item, "node.actor.roles"), 2)
		w.editWorkspace(func(ws *inbox.Workspace) { ws.Plan = "free" })
		w.settle()
		verdicts, _ := dig(t, change(), "node.conversation.viewerCan").([]any)
		require.Equal(t, object{"allowed": false, "reason": "PLAN", "requiredPlan": object{"name": "lite"}}, verdicts[1])
	})
}

// Who loses sight of a conversation is told who has it now, and nothing that
// was said at the same time. B:K1, B:Z4
func TestWhatGoesOutOfSightIsToldWithoutItsMessages(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *inbox.Directory) { d.Workspace.Rules.Visibility = inbox.VisibleExclusive })
		c := w.owned("agent1")
		query := `subscription { assignmentEvents { node { kind to { assignee { name } } conversation { lastMessage { body } assignee { name } } } } }`
		mine, managers := w.as("agent1").follow(query, nil), w.as("manager").follow(query, nil)
		secret := "not for Anna"
		_, err := w.service.TakeOver(t.Context(), w.principal("manager"), inbox.Request{Conversation: c.ID}, &secret, "")
		require.NoError(t, err)
		requireMatch(t, object{"kind": "TAKEN_OVER", "conversation": object{"lastMessage": object{"body": "*"}}}, managers.item()["node"], "node")
		requireMatch(t, object{"kind": "TAKEN_OVER", "to": object{"assignee": object{"name": "Mara Lindqvist"}}, "conversation": object{"lastMessage": nil, "assignee": object{"name": "Mara Lindqvist"}}}, mine.item()["node"], "node")
	})
}

// An open socket of somebody who was removed asks in vain, and is told so.
func TestRemovedMembersAskInVain(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		socket := w.as("agent1").connect()
		require.Equal(t, "next", socket.subscribe(`{ viewer { permissions } }`, nil).message().Type)
		w.editMember("agent1", func(m *inbox.Member) { m.Removed = true })
		w.settle()
		for _, query := range []string{
			`{ viewer { permissions } }`, `mutation { setAvailability(input: {availability: AWAY}) { userErrors { code } } }`, `subscription { assignmentEvents { cursor } }`,
		} {
			m := socket.subscribe(query, nil).message()
			require.Contains(t, string(m.Payload), `"code":"UNAUTHENTICATED"`, query)
		}
	})
}
