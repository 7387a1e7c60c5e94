package blackbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// The program's main job, on each engine, as its users see it.
func TestPlay(t *testing.T) {
	t.Parallel()
	t.Run("in memory", func(t *testing.T) {
		testdb.Record(t, testdb.Embedded)
		s := demo(t, "--memory")
		play(t, s)
		require.Empty(t, filesIn(t, s.cmd.Dir), "--memory keeps none")
	})
	t.Run("over the wire", func(t *testing.T) {
		play(t, demo(t, "--mongodb-uri", database(t)))
	})
}

func play(t *testing.T, s *server) {
	for _, scene := range []struct {
		name string
		play func(*testing.T, *server)
	}{
		{"lists", playLists},
		{"a transfer above the plan", playPlanRequired},
		{"transfer", playTransfer},
		{"takeover with a message", playTakeover},
		{"two take over at once", playTakeoverRace},
		{"two claim at once", playClaimRace},
		{"close", playClose},
		{"a late answer of the AI agent", playStaleEpoch},
		{"contact", playContact},
		{"another workspace", playAnotherWorkspace},
		{"tokens", playBadTokens},
		{"pages", playPages},
	} {
		t.Run(scene.name, func(t *testing.T) { scene.play(t, s) })
	}
}

// B:V1
func playLists(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	const page = `query($after: Cursor) { conversations(first: 90, after: $after) { totalCount nodes { id kind status handler } pageInfo { hasNextPage endCursor } } }`
	seen, kinds := map[string]bool{}, map[string]int{}
	var after any
	for more := true; more; {
		a := d.observer.do(page, object{"after": after})
		require.Equal(t, 200, number(t, a.at("conversations"), "totalCount"))
		nodes, _ := a.at("conversations.nodes").([]any)
		require.NotEmpty(t, nodes)
		for _, c := range nodes {
			require.False(t, seen[str(t, c, "id")], "a conversation came twice")
			seen[str(t, c, "id")] = true
			for _, field := range []string{"kind", "status", "handler"} {
				kinds[str(t, c, field)]++
			}
		}
		more, _ = a.at("conversations.pageInfo.hasNextPage").(bool)
		after = a.at("conversations.pageInfo.endCursor")
	}
	require.Len(t, seen, 200)
	for _, word := range []string{"LIVECHAT", "TICKET", "UNSET", "OPEN", "CLOSED", "AI", "QUEUED", "HUMAN"} {
		require.Positive(t, kinds[word], word)
	}
	people := d.owner.do(`{ members(first: 100) { totalCount } teams(first: 10) { totalCount } workspace { plan { name } } }`, nil)
	require.Equal(t, 12, number(t, people.at("members"), "totalCount"))
	require.Equal(t, 3, number(t, people.at("teams"), "totalCount"))
	require.Equal(t, "enterprise", people.at("workspace.plan.name"))
}

// mine gives a conversation that the client owns from the start.
func (c *client) mine() object {
	c.t.Helper()
	list := c.do(`{ conversations(first: 1, view: {list: MINE, statuses: [OPEN]}) { nodes { id version assignee { id } } } }`, nil)
	first, _ := list.at("conversations.nodes.0").(object)
	return first
}

// B:T2
func playPlanRequired(t *testing.T, s *server) {
	d := s.desk(t, "demo-free")
	before := d.agent1.mine()
	id := str(t, before, "id")
	_, refusal := d.agent1.verb("transferConversation", object{"conversationId": id, "to": object{"memberId": d.agent2.me()}})
	require.Equal(t, "PlanRequiredError", refusal["__typename"])
	require.Equal(t, "PLAN_REQUIRED", refusal["code"])
	require.Equal(t, "transfer", refusal["feature"])
	require.Equal(t, "free", at(t, refusal, "currentPlan.name"))
	require.Equal(t, "lite", at(t, refusal, "requiredPlan.name"))
	after := d.agent1.read(id)
	require.Equal(t, before["version"], after["version"])
	require.Equal(t, before["assignee"], after["assignee"])
}

// B:T1
func playTransfer(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	id := d.owned(d.agent1)
	before := d.agent1.read(id)
	_, refusal := d.agent2.verb("transferConversation", object{"conversationId": id, "to": object{"memberId": d.owner.me()}})
	require.Equal(t, "NOT_ASSIGNEE", refusal["code"])
	require.Equal(t, d.agent1.me(), at(t, refusal, "assignee.id"))

	done := d.agent1.must("transferConversation", object{"conversationId": id, "to": object{"memberId": d.agent2.me()}, "note": "Knows the customer."})
	require.Equal(t, d.agent2.me(), at(t, done, "conversation.assignee.id"))
	require.Equal(t, number(t, before, "version")+1, number(t, done, "conversation.version"))
	require.Equal(t, number(t, before, "epoch")+1, number(t, done, "conversation.epoch"))
	event := d.observer.history(id)[0]
	require.Equal(t, at(t, done, "event.id"), at(t, event, "id"))
	require.Equal(t, "TRANSFERRED", at(t, event, "kind"))
	require.Equal(t, "Knows the customer.", at(t, event, "note"))
	require.Equal(t, d.agent1.me(), at(t, event, "from.assignee.id"))
	require.Equal(t, d.agent2.me(), at(t, event, "to.assignee.id"))
}

// B:K1 B:K2 B:S1 B:V3 B:V7
func playTakeover(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	id := d.owned(d.agent1)
	dashboard := d.observer.followEvents(d)
	updates := d.agent2.followUpdates(id, d.owner)

	done := d.manager.must("takeOverConversation", object{"conversationId": id, "message": "I take care of this."})
	event := str(t, done, "event.id")
	seen := dashboard.event(event)
	require.Equal(t, "TAKEN_OVER", at(t, seen, "node.kind"))
	require.Equal(t, d.manager.me(), at(t, seen, "node.actor.id"))
	require.Equal(t, d.agent1.me(), at(t, seen, "node.from.assignee.id"))
	require.Equal(t, d.manager.me(), at(t, seen, "node.to.assignee.id"))
	require.Equal(t, at(t, done, "conversation.version"), at(t, seen, "node.conversation.version"))
	told := updates.item("the message", func(item object) bool {
		return item["message"] != nil && str(t, item, "message.body") == "I take care of this."
	})
	changed := updates.item("the change", func(item object) bool { return item["event"] != nil && str(t, item, "event.id") == event })
	require.Equal(t, changed["cursor"], told["cursor"], "ownership and message were told apart")
	require.Equal(t, d.manager.me(), at(t, told, "conversation.assignee.id"))

	_, refusal := d.agent1.verb("sendMessage", object{"conversationId": id, "body": "One more thing"})
	require.Equal(t, "TAKEOVER_REQUIRED", refusal["code"])
	require.Equal(t, d.manager.me(), at(t, refusal, "assignee.id"))
	d.manager.must("sendMessage", object{"conversationId": id, "body": "How can I help?"})

	released := d.manager.must("transferConversation", object{"conversationId": id, "to": object{"memberId": d.agent1.me()}})
	dashboard.event(str(t, released, "event.id"))
	require.Equal(t, []string{event, str(t, released, "event.id")}, dashboard.eventIDs(id)[len(dashboard.eventIDs(id))-2:], "order, and each once")
}

// B:K4
func playTakeoverRace(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	for range 8 {
		id := d.owned(d.agent1)
		version := number(t, d.owner.read(id), "version")
		takeOverAtOnce(t, id, version, d.manager, d.owner)
	}
}

// takeOverAtOnce lets two take over what both saw at a version: one wins, and
// the other is told who.
func takeOverAtOnce(t *testing.T, id string, version int, one, other *client) {
	t.Helper()
	won, refusal := race(t, one, other, "takeOverConversation", object{"conversationId": id, "message": "Mine", "expectedVersion": version})
	require.Equal(t, "ConflictError", refusal["__typename"])
	require.Equal(t, won.me(), at(t, refusal, "current.assignee.id"))
	require.Equal(t, won.me(), at(t, refusal, "by.id"))
	require.Equal(t, version+1, number(t, refusal, "current.version"))
	now := one.read(id)
	require.Equal(t, won.me(), at(t, now, "assignee.id"))
	require.Equal(t, version+1, number(t, now, "version"), "the loser left a trace")
}

// race sends the same mutation as two people at once. Exactly one must win; the
// other's refusal is given.
func race(t *testing.T, one, other *client, name string, input object) (won *client, refusal object) {
	t.Helper()
	type outcome struct {
		who     *client
		text    string
		payload object
	}
	begin, outcomes := make(chan struct{}), make(chan outcome, 2)
	for _, c := range []*client{one, other} {
		go func() {
			<-begin
			a, err := c.try(t.Context(), mutation(name), object{"input": input})
			payload, _ := a.Data["payload"].(object)
			if err != nil {
				a.text = err.Error()
			}
			outcomes <- outcome{c, a.text, payload}
		}()
	}
	close(begin)
	for range 2 {
		o := <-outcomes
		require.NotNil(t, o.payload, o.text)
		if r := refused(o.payload); r != nil {
			require.Nil(t, refusal, "both lost: %s", o.text)
			refusal = r
			continue
		}
		require.Nil(t, won, "both won")
		won = o.who
	}
	return won, refusal
}

// B:A4
func playClaimRace(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	for range 8 {
		id, _ := d.chat()
		won, refusal := race(t, d.agent1, d.agent2, "claimConversation", object{"conversationId": id})
		require.Equal(t, "AlreadyAssignedError", refusal["__typename"])
		require.Equal(t, won.me(), at(t, refusal, "assignee.id"))
		require.Equal(t, won.me(), at(t, refusal, "by.id"))
		require.Equal(t, won.me(), at(t, d.observer.read(id), "assignee.id"))
	}
}

// B:C1
func playClose(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	id := d.owned(d.agent1)
	done := d.agent1.must("setConversationStatus", object{"conversationId": id, "status": "CLOSED"})
	for _, c := range []any{done["conversation"], d.observer.read(id)} {
		require.Equal(t, "CLOSED", at(t, c, "status"))
		require.Equal(t, "AI", at(t, c, "handler"))
		require.Nil(t, at(t, c, "assignee"))
		require.Equal(t, d.ai.me(), at(t, c, "originAgent.id"))
	}
	require.Equal(t, "CLOSED", at(t, done, "event.kind"))
}

// B:H3
func playStaleEpoch(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	id, _ := d.chat()
	begun := number(t, d.ai.read(id), "epoch")
	d.ai.must("sendMessage", object{"conversationId": id, "body": "Let me see.", "epoch": begun})
	d.agent1.must("claimConversation", object{"conversationId": id})
	_, refusal := d.ai.verb("sendMessage", object{"conversationId": id, "body": "Have you tried turning it off?", "epoch": begun})
	require.Equal(t, "StaleEpochError", refusal["__typename"])
	require.Equal(t, begun+1, number(t, refusal, "epoch"))
	said := d.observer.do(`query($id: ID!) { conversation(id: $id) { messages(last: 10) { nodes { body } } } }`, object{"id": id})
	require.Equal(t, []string{"Hello?", "Let me see.", "Anna Berg is now in the conversation."}, column(t, said.at("conversation.messages.nodes"), "body"))
}
