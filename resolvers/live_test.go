package resolvers_test

import (
	"encoding/json"
	"errors"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
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

// play runs one conversation through many verbs, and tells the ids and kinds of
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
			requireAsLate(t, i+2, item)
			cursor, _ := item["cursor"].(string)
			require.NotContains(t, cursors, cursor)
			cursors = append(cursors, cursor)
			mine := second.item()
			requireAsLate(t, i+2, mine)
			require.Equal(t, changeIn(item), changeIn(mine), "two listeners were told different things")
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

// requireAsLate demands that an event comes with its conversation as it is now: as this
// version left it, or a later one.
func requireAsLate(t *testing.T, version int, item object) {
	t.Helper()
	shown, ok := dig(t, item, "node.conversation.version").(json.Number)
	require.True(t, ok)
	now, err := shown.Int64()
	require.NoError(t, err)
	require.GreaterOrEqual(t, int(now), version, "the conversation is older than its change")
}

// changeIn is what an event says without its conversation, which may have moved on.
func changeIn(item object) object {
	node, _ := item["node"].(object)
	out := maps.Clone(node)
	delete(out, "conversation")
	return out
}

// Changes of many conversations at once arrive each in its own order, everybody
// told the same. B:V9
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
		if _, err := w.service.Desk.Claim(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}); err != nil {
			return err
		}
		if _, err := w.service.Desk.Leave(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}); err != nil {
			return err
		}
	}
	return nil
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
		_, err := w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
		require.NoError(t, err)
		item := again.item()
		require.Equal(t, false, item["gap"], "nothing was missed")
		require.Equal(t, "LEFT", dig(t, item, "node.kind"))

		w.claim(c, "agent2")
		missed := w.as("owner").follow(followEvents, vars{"after": seen})
		for _, kind := range []string{"LEFT", "CLAIMED"} {
			item := missed.item()
			require.Equal(t, false, item["gap"])
			require.Equal(t, kind, dig(t, item, "node.kind"), "what was missed is told in order")
		}
		_, err = w.service.Desk.Leave(t.Context(), w.principal("agent2"), desk.Request{Conversation: c.ID})
		require.NoError(t, err)
		require.Equal(t, "LEFT", dig(t, missed.item(), "node.kind"), "it goes on live, without a repeat")

		s.hub.Gap(s.hub.Position())
		after := w.as("owner").follow(followEvents, vars{"after": seen})
		for _, kind := range []string{"LEFT", "CLAIMED", "LEFT"} {
			item := after.item()
			require.Equal(t, false, item["gap"])
			require.Equal(t, kind, dig(t, item, "node.kind"), "the database tells what this server cannot")
		}
		w.claim(c, "agent2")
		require.Equal(t, "CLAIMED", dig(t, after.item(), "node.kind"), "it goes on live, without a repeat")
		_, err = w.service.Desk.Leave(t.Context(), w.principal("agent2"), desk.Request{Conversation: c.ID})
		require.NoError(t, err)
		require.Equal(t, "LEFT", dig(t, after.item(), "node.kind"))

		s.hub.Gap(s.hub.Position())
		s.feed.forget()
		late := w.as("owner").follow(followEvents, vars{"after": seen})
		gap := late.item()
		require.Equal(t, true, gap["gap"], "who cannot be told what was missed is told so")
		require.Nil(t, gap["node"])
		require.NotEmpty(t, gap["cursor"])
		w.claim(c, "agent1")
		require.Equal(t, "CLAIMED", dig(t, late.item(), "node.kind"), "it goes on after the gap")

		foreign := s.newSpace(t, "enterprise", nil)
		for _, bad := range []string{"", "x", seen[1:], seen + "x", seen + "\n", conversationsBy("CREATED", "ASC").cursor(w.as("owner"))} {
			require.Equal(t, "INVALID_CURSOR", w.as("owner").connect().subscribe(followEvents, vars{"after": bad}).refused(), bad)
		}
		require.Equal(t, "INVALID_CURSOR", foreign.as("owner").connect().subscribe(followEvents, vars{"after": seen}).refused())
		require.Eventually(t, func() bool { return s.handler.Stats().Members == 5 && s.hub.Subscriptions() == 2 }, patience, tick, "refused subscriptions were left behind")
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
		_, err := w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
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
	// One hears of the events, and one of what may change the rights of those who follow.
	require.Eventually(t, func() bool { return s.hub.Subscriptions() == 2 }, patience, tick, "the second did not begin")
	w.chat()
	require.Equal(t, "CREATED", dig(t, again.item(), "node.kind"))
}

// An open socket of somebody who was removed asks in vain, and is told so.

// Whoever comes back while changes go on, to a server that does not remember,
// is told each of them once and in order. B:V3
func TestComingBackWhileChangesGoOn(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		st := w.as("owner").follow(followEvents, nil)
		w.claim(c, "agent1")
		seen, _ := st.item()["cursor"].(string)
		_, err := w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
		require.NoError(t, err)
		w.settle()
		s.hub.Gap(s.hub.Position())

		done := make(chan error, 1)
		go func() { done <- errors.Join(w.hammer(c), w.hammer(c), w.hammer(c)) }()
		back := w.as("owner").followAtOnce(followEvents, vars{"after": seen})
		for version := 3; version <= 3+18; version++ {
			item := back.item()
			require.Equal(t, false, item["gap"])
			require.Equal(t, number(version), dig(t, item, "node.version"))
		}
		require.NoError(t, <-done)
	})
}
