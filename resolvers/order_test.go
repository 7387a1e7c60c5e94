package resolvers_test

import (
	"crypto/rand"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/resolvers"
	"switchboard/store/mongo"
)

// writersAtOnce write in the tests of order: half of them through a server whose
// clock is 3 seconds behind.
const writersAtOnce = 4

// toWrite is how many messages they write in all; SWITCHBOARD_TEST_LONG=1 has them
// write 10,000.
func toWrite() int {
	if os.Getenv("SWITCHBOARD_TEST_LONG") != "" {
		return 10_000
	}
	return 240
}

// behind is a second server on the same database, whose clock is 3 seconds behind.
func (s *server) behind(t *testing.T) *server {
	t.Helper()
	opened := s.store
	if s.overWire() {
		var err error
		opened, err = mongo.Open(t.Context(), s.config)
		require.NoError(t, err)
	}
	two := serve(t, opened)
	two.ahead.Store(int64(-3 * time.Second))
	return two
}

// writing has the contacts of chats write, each through one of the servers, and
// reports whether they still do.
func (w *space) writing(two *server, chats ...inbox.Conversation) (still func() bool) {
	var running atomic.Int32
	for i := range writersAtOnce {
		c := w.contact(chats[i%len(chats)])
		if i%2 == 1 {
			c.server = two
		}
		running.Add(1)
		go func() {
			defer running.Add(-1)
			for range toWrite() / writersAtOnce {
				if !c.says(resolvers.ConversationID(chats[i%len(chats)].ID)) {
					return
				}
			}
		}()
	}
	return func() bool { return running.Load() > 0 }
}

// says sends a message, again with the same key while the server is too busy for it.
func (c *client) says(chat string) bool {
	in := object{"conversationId": chat, "body": "hello", "idempotencyKey": rand.Text()}
	for range 20 {
		sent := c.do(`mutation($in: SendMessageInput!) { sendMessage(input: $in) { message { sequence } userErrors { message } } }`, vars{"in": in})
		if sent.code() == "UNAVAILABLE" {
			continue
		}
		payload, _ := sent.Data["sendMessage"].(object)
		if payload == nil || payload["message"] == nil {
			c.t.Errorf("not sent: %s", sent.text)
			return false
		}
		return true
	}
	c.t.Error("not sent, as the server is too busy")
	return false
}

// A contact who polls for messages behind its last cursor, as docs/integration.md
// says, gets every message once, in the order of their sequence, whichever server
// answers and whatever clocks say. B:V8a
func TestPollingMissesNoMessage(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, two := s.newSpace(t, "enterprise", nil), s.behind(t)
		chat := w.chat()
		first := w.stored(chat.ID).MessageCount
		still := w.writing(two, chat)
		readers := []*client{w.contact(chat), w.contact(chat)}
		readers[1].server = two
		var cursor any
		seen := 0
		for round, last := 0, false; ; round++ {
			page := readers[round%2].do(`query($id: ID!, $after: Cursor) { conversation(id: $id) { messages(first: 30, after: $after) { nodes { sequence } pageInfo { endCursor hasNextPage } } } }`,
				vars{"id": resolvers.ConversationID(chat.ID), "after": cursor})
			nodes, _ := page.at("conversation.messages.nodes").([]any)
			for _, n := range nodes {
				seen++
				require.Equal(t, number(seen), dig(t, n, "sequence"))
			}
			if len(nodes) > 0 {
				cursor = page.at("conversation.messages.pageInfo.endCursor")
				continue
			}
			if last {
				break
			}
			last = !still()
		}
		require.Equal(t, first+toWrite(), seen)
		require.Equal(t, first+toWrite(), w.stored(chat.ID).PublicMessageCount)
	})
}

// Whoever lists what is unread and marks it up to the newest gets every notification
// unread, once, whichever server answers and whatever clocks say. B:V8a
func TestMarkingMissesNoNotification(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, two := s.newSpace(t, "enterprise", nil), s.behind(t)
		var chats []inbox.Conversation
		for range writersAtOnce {
			chats = append(chats, w.owned("agent1"))
		}
		still := w.writing(two, chats...)
		readers := []*client{w.as("agent1"), w.as("agent1")}
		readers[1].server = two
		seen := map[any]bool{}
		for round, last := 0, false; !last; round++ {
			last = !still()
			reader := readers[round%2]
			var after, newest any
			for more := true; more; {
				page := reader.do(`query($after: Cursor) { notifications(unreadOnly: true, first: 25, after: $after) { edges { cursor node { id } } pageInfo { endCursor hasNextPage } } }`, vars{"after": after})
				edges, _ := page.at("notifications.edges").([]any)
				for _, e := range edges {
					id := dig(t, e, "node.id")
					require.False(t, seen[id], "%s was marked and is unread", id)
					seen[id] = true
					if newest == nil {
						newest = dig(t, e, "cursor")
					}
				}
				after = page.at("notifications.pageInfo.endCursor")
				more, _ = page.at("notifications.pageInfo.hasNextPage").(bool)
			}
			if newest != nil {
				reader.do(markRead, vars{"in": object{"upTo": newest}}).ok()
			}
		}
		require.Len(t, seen, toWrite())
	})
}
