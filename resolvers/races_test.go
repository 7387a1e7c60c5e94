package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/resolvers"
)

// atOnce runs a mutation as two members at the same time, and gives the
// payload of the one who won and the refusal of the other.
func (w *space) atOnce(document string, input func() object) (winner string, won, refused object) {
	w.t.Helper()
	type result struct {
		who     string
		payload object
	}
	results := make(chan result, 2)
	start := make(chan struct{})
	for _, who := range []string{"agent2", "senior"} {
		c := w.as(who)
		go func() {
			<-start
			payload, _ := c.do(document, vars{"input": input()}).Data["payload"].(object)
			results <- result{who, payload}
		}()
	}
	close(start)
	for range 2 {
		r := <-results
		require.NotNil(w.t, r.payload, "%s had no answer", r.who)
		errors, _ := r.payload["userErrors"].([]any)
		if len(errors) == 0 {
			require.Empty(w.t, winner, "both won")
			winner, won = r.who, r.payload
			continue
		}
		require.Nil(w.t, refused, "both lost")
		refused, _ = errors[0].(object)
	}
	return winner, won, refused
}

// B:A4
func TestTwoClaimAtOnce(t *testing.T) {
	document := mutation(loadSchema(t), "claimConversation")
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for range 20 {
			c := w.chat()
			winner, _, refused := w.atOnce(document, func() object { return object{"conversationId": resolvers.ConversationID(c.ID)} })
			member := w.global("member " + winner)
			requireMatch(t, object{
				"__typename": "AlreadyAssignedError", "assignee": object{"id": member}, "by": object{"id": member},
				"current": object{"version": number(c.Version + 1), "assignee": object{"id": member}},
			}, refused, "refused")
			require.Equal(t, w.member(winner), w.stored(c.ID).Assignee)
		}
	})
}

// B:K4
func TestTwoTakeOverAtOnce(t *testing.T) {
	document := mutation(loadSchema(t), "takeOverConversation")
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for range 20 {
			c := w.owned("agent1")
			winner, _, refused := w.atOnce(document, func() object {
				return object{"conversationId": resolvers.ConversationID(c.ID), "message": "Mine", "expectedVersion": c.Version}
			})
			member := w.global("member " + winner)
			requireMatch(t, object{
				"__typename": "ConflictError", "by": object{"id": member}, "at": "*",
				"current": object{"version": number(c.Version + 1), "assignee": object{"id": member}},
			}, refused, "refused")
			now := w.stored(c.ID)
			require.Equal(t, w.member(winner), now.Assignee)
			require.Equal(t, c.Version+1, now.Version, "the loser left a trace")
			said := w.as("owner").do(`query($id: ID!) { conversation(id: $id) { messages { nodes { body author { ... on Member { id } } } } } }`, vars{"id": resolvers.ConversationID(c.ID)})
			nodes, _ := said.at("conversation.messages.nodes").([]any)
			var mine []any
			for _, n := range nodes {
				if dig(t, n, "body") == "Mine" {
					mine = append(mine, dig(t, n, "author.id"))
				}
			}
			require.Equal(t, []any{member}, mine, "the loser's message was written")
		}
	})
}

// A repeat answers with the first result, the same event, and does nothing.
func TestARepeatAnswersAsTheFirst(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		for _, step := range []struct {
			as, do string
			input  object
		}{
			{"senior", "takeOverConversation", object{"conversationId": id, "message": "Hello", "idempotencyKey": "1"}},
			{"senior", "transferConversation", object{"conversationId": id, "to": object{"memberId": w.global("member away")}, "idempotencyKey": "2"}},
			{"manager", "setConversationStatus", object{"conversationId": id, "status": "CLOSED", "idempotencyKey": "1"}},
			{"manager", "reopenAndReply", object{"conversationId": id, "body": "Again", "idempotencyKey": "3"}},
			{"manager", "createTicket", object{"subject": "A", "contact": object{}, "to": object{"teamId": w.global("team sales")}, "idempotencyKey": "4"}},
		} {
			first := w.as(step.as).do(mutation(schema, step.do), vars{"input": step.input})
			require.Empty(t, dig(t, first.ok(), "payload.userErrors"), step.do)
			after := (&stage{space: w}).traces()
			second := w.as(step.as).do(mutation(schema, step.do), vars{"input": step.input})
			require.Equal(t, first.text, second.text, step.do)
			require.Equal(t, after, (&stage{space: w}).traces(), step.do)
		}
	})
}
