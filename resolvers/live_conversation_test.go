package resolvers_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// followConversation is follow, and returns when the stream has begun: who loses
// sight before that is refused and not told of a loss.
func (c *client) followConversation(id inbox.ConversationID) *stream {
	c.t.Helper()
	before := c.watched.read.Load()
	st := c.follow(followConversation, vars{"id": resolvers.ConversationID(id)})
	require.Eventually(c.t, func() bool { return c.watched.read.Load() > before }, patience, tick, "the conversation was not read")
	return st
}

func TestTakeoverWithMessageIsOneItem(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		st := w.as("agent1").followConversation(c.ID)
		dashboard := w.as("owner").follow(followEvents, nil)
		message := "I take it from here"
		out, err := w.service.Desk.TakeOver(t.Context(), w.principal("senior"), desk.Request{Conversation: c.ID}, &message, "")
		require.NoError(t, err)
		item := st.item()
		require.Equal(t, object{"id": resolvers.GlobalID("AssignmentEvent", out.Event.ID), "kind": "TAKEN_OVER", "version": number(3)}, item["event"])
		requireMatch(t, object{"body": "Samira Haddad is now in the conversation.", "author": object{"__typename": "SystemActor"}}, item["message"], "message")
		requireMatch(t, object{"version": number(3), "handler": "HUMAN", "assignee": object{"name": "Samira Haddad"}, "lastMessage": object{"body": message}}, item["conversation"], "conversation")
		require.Equal(t, false, item["accessLost"])
		// What the new owner says comes behind the notice to the contact, as an item
		// of its own with no event: the change was sent once. B:L2
		said := st.item()
		require.Nil(t, said["event"])
		requireMatch(t, object{"body": message, "internal": false, "author": object{"name": "Samira Haddad"}}, said["message"], "message")
		require.Equal(t, resolvers.GlobalID("AssignmentEvent", out.Event.ID), dig(t, dashboard.item(), "node.id"))
	})
}

func TestConversationUpdatesShowMessagesInOrder(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		streams := []*stream{w.as("agent1").followConversation(c.ID), w.as("observer").followConversation(c.ID)}
		w.owned("agent2") // of no concern
		for i := range 12 {
			_, err := w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: fmt.Sprint(i), Internal: i%3 == 0})
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

func TestAccessLost(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.Visibility = workspace.VisibleExclusive })
		c := w.owned("agent1")
		st := w.as("agent1").followConversation(c.ID)
		secret := "not for Anna"
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, &secret, "")
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

// A message that was written beside an ownership change, and committed after
// it, does not bring the old owner back. B:V9
func TestLateMessagesTakeNothingBack(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		old := w.owned("agent1")
		st := w.as("owner").followConversation(old.ID)
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: old.ID}, inbox.Unset)
		require.NoError(t, err)
		requireMatch(t, object{"conversation": object{"version": number(3)}}, st.item(), "item")
		w.commitLate(old, "late")
		requireMatch(t, object{
			"event": nil, "message": object{"body": "late"}, "conversation": object{"version": number(3), "lastMessage": object{"body": "late"}},
		}, st.item(), "item")
	})
}

// commitLate writes a message as somebody would who read the conversation long
// ago.
func (w *space) commitLate(old inbox.Conversation, body string) {
	w.t.Helper()
	author := w.principal("agent1").Actor
	move := inbox.Send(old, inbox.Message{}, inbox.Command{By: author, At: w.now().UTC().Truncate(time.Millisecond)})
	message := inbox.Message{ID: inbox.MessageID(rand.Text()), Workspace: w.id, Conversation: old.ID, Author: author, Body: body, At: move.Event.At}
	move.After.LastMessage = &message
	move.Event.ID, move.Event.After, move.Event.Messages = inbox.EventID(rand.Text()), &move.After, []inbox.Message{message}
	require.NoError(w.t, w.store.Commit(w.t.Context(), commit.Change{Conversation: move.After, Guard: commit.Guard{Epoch: old.Epoch}, Event: move.Event}))
}

// A change that commits after a stream subscribed and before it read the
// conversation is told: nobody was shown what was read. B:V7
func TestWhatHappensWhileAStreamBeginsIsTold(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.owned("agent1")
	page, err := s.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 1})
	require.NoError(t, err)
	claimed := page.Items[0]
	claimed.After = &c
	st := w.as("owner").followConversation(c.ID)
	s.hub.Publish(feed.FeedItem{Event: claimed, Position: "between"})
	_, err = w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
	require.NoError(t, err)
	require.Equal(t, "CLAIMED", dig(t, st.item(), "event.kind"))
	require.Equal(t, "LEFT", dig(t, st.item(), "event.kind"))
}
