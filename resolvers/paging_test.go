package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/shelf"
	"switchboard/resolvers"
)

// crowd fills the space with n conversations in many states.
func (w *space) crowd(n int) {
	w.t.Helper()
	subjects := []string{"Café au lait", "MÜLLER's invoice", "late parcel", "a broken ΣΊΣΥΦΟΣ mug", ""}
	for i := range n {
		contact := contacts.NewContact{Name: []string{"Zoë Ångström", "Bob", "Renée Dupont"}[i%3], Email: fmt.Sprintf("c%d@example.test", i), ExternalID: fmt.Sprint("contact-", i)}
		switch i % 7 {
		case 0:
			w.start(desk.NewConversation{Agent: w.agent("ai"), Subject: subjects[i%5], Contact: contact, Message: "Hello"})
		case 1:
			w.claim(w.start(desk.NewConversation{Agent: w.agent("ai2"), Subject: subjects[i%5], Channel: "whatsapp", Contact: contact}), "agent1")
		case 2, 3:
			who := access.Owner{Member: w.member([]string{"agent1", "agent2", "sales1"}[i%3])}
			if i%7 == 3 {
				who = access.Owner{Team: w.team([]string{"support", "sales"}[i%2])}
			}
			_, err := w.service.Intake.CreateTicket(w.t.Context(), w.principal("owner"), desk.NewConversation{Subject: orElse(subjects[i%5], "x"), Channel: "email", Contact: contact, To: who})
			require.NoError(w.t, err)
		case 4:
			c := w.claim(w.start(desk.NewConversation{Agent: w.agent("ai"), Subject: subjects[i%5], Contact: contact}), "agent2")
			_, err := w.service.Desk.SetStatus(w.t.Context(), w.principal("agent2"), desk.Request{Conversation: c.ID}, inbox.Closed)
			require.NoError(w.t, err)
		case 5:
			c := w.claim(w.start(desk.NewConversation{Agent: w.agent("ai"), Subject: subjects[i%5], Contact: contact}), "sales1")
			_, err := w.service.Desk.Leave(w.t.Context(), w.principal("sales1"), desk.Request{Conversation: c.ID})
			require.NoError(w.t, err)
		case 6:
			c := w.claim(w.start(desk.NewConversation{Subject: subjects[i%5], Agent: w.agent("ai"), Contact: contact}), "manager")
			_, err := w.service.Desk.SetStatus(w.t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, inbox.Unset)
			require.NoError(w.t, err)
		}
	}
}

// connection is a list that can be paged through.
type connection struct {
	name string
	// query declares $first and $after, and $last and $before when it can go
	// backwards; at is where its connection is found in the data.
	query, at string
	vars      vars
	backwards bool
}

const pageFields = `{ edges { cursor node { ...row } } nodes { ...row } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`

// page asks for one page, and checks that it fits together.
func (l connection) page(c *client, args vars) (ids []string, info object) {
	c.t.Helper()
	all := vars{}
	for _, from := range []vars{l.vars, args} {
		for key, value := range from {
			all[key] = value
		}
	}
	got, ok := c.do(l.query, all).at(l.at).(object)
	require.True(c.t, ok)
	ids = column(c.t, got["edges"], "node.id")
	require.Equal(c.t, ids, column(c.t, got["nodes"], "id"))
	info, ok = got["pageInfo"].(object)
	require.True(c.t, ok)
	cursors := column(c.t, got["edges"], "cursor")
	if len(ids) == 0 {
		require.Nil(c.t, info["startCursor"])
		require.Nil(c.t, info["endCursor"])
		return ids, info
	}
	require.Equal(c.t, cursors[0], info["startCursor"])
	require.Equal(c.t, cursors[len(cursors)-1], info["endCursor"])
	return ids, info
}

// forward reads all pages of a size, and checks what each says of its place.
func (l connection) forward(c *client, size int) []string {
	c.t.Helper()
	var all []string
	args := vars{"first": size}
	for {
		ids, info := l.page(c, args)
		require.Equal(c.t, len(all) > 0, info["hasPreviousPage"], "%s: page behind %d", l.name, len(all))
		all = append(all, ids...)
		if info["hasNextPage"] != true {
			return all
		}
		require.Len(c.t, ids, size)
		args = vars{"first": size, "after": info["endCursor"]}
	}
}

// backward reads all pages from the end.
func (l connection) backward(c *client, size int) []string {
	c.t.Helper()
	var all []string
	args := vars{"last": size}
	for {
		ids, info := l.page(c, args)
		require.Equal(c.t, len(all) > 0, info["hasNextPage"], "%s: page before %d", l.name, len(all))
		all = append(slices.Clone(ids), all...)
		if info["hasPreviousPage"] != true {
			return all
		}
		require.Len(c.t, ids, size)
		args = vars{"last": size, "before": info["startCursor"]}
	}
}

func conversationsBy(field, direction string) connection {
	return connection{
		name: "conversations by " + field + " " + direction, at: "conversations", backwards: true,
		query: `query($first: Int, $after: Cursor, $last: Int, $before: Cursor, $order: ConversationOrder) {
			conversations(orderBy: $order, first: $first, after: $after, last: $last, before: $before) ` + pageFields + `
		} fragment row on Conversation { id }`,
		vars: vars{"order": object{"field": field, "direction": direction}},
	}
}

// connections are all lists of the API, over a conversation with messages and
// a history.
func (w *space) connections(c inbox.Conversation) []connection {
	id := vars{"id": resolvers.ConversationID(c.ID)}
	out := []connection{
		{
			name: "messages", at: "conversation.messages", backwards: true, vars: id,
			query: `query($id: ID!, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
				conversation(id: $id) { messages(first: $first, after: $after, last: $last, before: $before) ` + pageFields + ` }
			} fragment row on Message { id }`,
		},
		{
			name: "history", at: "conversation.history", vars: id,
			query: `query($id: ID!, $first: Int, $after: Cursor) { conversation(id: $id) { history(first: $first, after: $after) ` + pageFields + ` } } fragment row on AssignmentEvent { id }`,
		},
		{
			name: "members", at: "members",
			query: `query($first: Int, $after: Cursor) { members(first: $first, after: $after) ` + pageFields + ` } fragment row on Member { id }`,
		},
		{
			name: "teams", at: "teams",
			query: `query($first: Int, $after: Cursor) { teams(first: $first, after: $after) ` + pageFields + ` } fragment row on Team { id }`,
		},
		{
			name: "saved views", at: "savedViews",
			query: `query($first: Int, $after: Cursor) { savedViews(first: $first, after: $after) ` + pageFields + ` } fragment row on SavedView { id }`,
		},
		{
			name: "audit log", at: "auditLog",
			query: `query($first: Int, $after: Cursor) { auditLog(first: $first, after: $after) ` + pageFields + ` } fragment row on AuditEntry { id }`,
		},
		{
			name: "members of a team", at: "node.members", vars: vars{"id": w.global("team support")},
			query: `query($id: ID!, $first: Int, $after: Cursor) { node(id: $id) { ... on Team { members(first: $first, after: $after) ` + pageFields + ` } } } fragment row on Member { id }`,
		},
	}
	for i := range 11 {
		w.keep("owner", fmt.Sprint("view ", i), shelf.NotShared, "", access.View{})
	}
	w.notify("owner", 9)
	out = append(out, connection{
		name: "notifications", at: "notifications",
		query: `query($first: Int, $after: Cursor) { notifications(first: $first, after: $after) ` + pageFields + ` } fragment row on Notification { id }`,
	})
	for _, field := range []string{"LAST_ACTIVITY", "CREATED", "WAITING", "AWAITING_REPLY"} {
		for _, direction := range []string{"ASC", "DESC"} {
			out = append(out, conversationsBy(field, direction))
		}
	}
	return out
}

// talk is a conversation with eleven messages and a history of eleven.
func (w *space) talk() inbox.Conversation {
	w.t.Helper()
	c := w.owned("agent1")
	for i := range 11 {
		_, err := w.service.Admin.CreateTeam(w.t.Context(), w.principal("owner"), admin.NewTeam{Name: fmt.Sprint("team ", i, " of ", c.ID)})
		require.NoError(w.t, err)
	}
	for i := range 9 {
		to, by := inbox.Unset, w.principal("agent1")
		if i%2 == 1 {
			to = inbox.Open
		}
		_, err := w.service.Desk.SetStatus(w.t.Context(), by, desk.Request{Conversation: c.ID}, to)
		require.NoError(w.t, err)
	}
	for i := range 11 {
		_, err := w.service.Messages.Send(w.t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: fmt.Sprint("message ", i), Internal: i%4 == 3})
		require.NoError(w.t, err)
	}
	return w.stored(c.ID)
}

// B:V1
func TestEveryListGivesEachItemOnceInOrder(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.crowd(24)
		owner := w.as("owner")
		for _, l := range w.connections(w.talk()) {
			t.Run(l.name, func(t *testing.T) {
				whole, info := l.page(owner, vars{"first": 100})
				require.NotEmpty(t, whole)
				require.Equal(t, object{"hasNextPage": false, "hasPreviousPage": false}, object{"hasNextPage": info["hasNextPage"], "hasPreviousPage": info["hasPreviousPage"]})
				require.Len(t, slices.Compact(slices.Sorted(slices.Values(whole))), len(whole))
				for _, size := range []int{3, 7, len(whole)} {
					require.Equal(t, whole, l.forward(owner, size), "forwards by %d", size)
					if l.backwards {
						require.Equal(t, whole, l.backward(owner, size), "backwards by %d", size)
					}
				}
				none, info := l.page(owner, vars{"first": 0})
				require.Empty(t, none)
				require.Equal(t, true, info["hasNextPage"])
			})
		}
	})
}

// B:V1
func TestConversationsAreSorted(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.crowd(30)
		keys := map[string]string{"LAST_ACTIVITY": "lastActivityAt", "CREATED": "createdAt", "WAITING": "waitingSince"}
		for field, key := range keys {
			query := `query($order: ConversationOrder) { conversations(first: 100, orderBy: $order) { nodes { id ` + key + ` } } }`
			ascending := w.as("owner").do(query, vars{"order": object{"field": field, "direction": "ASC"}}).at("conversations.nodes")
			require.True(t, slices.IsSortedFunc(times(t, ascending, key), time.Time.Compare), "%s: %v", field, ascending)
			byDefault := w.as("owner").do(query, vars{"order": object{"field": field}}).at("conversations.nodes")
			backwards := column(t, byDefault, "id")
			slices.Reverse(backwards)
			require.Equal(t, column(t, ascending, "id"), backwards, field)
		}
	})
}

// times reads a field of a list; null is the zero time.
func times(t *testing.T, list any, field string) []time.Time {
	t.Helper()
	var out []time.Time
	for _, text := range column(t, list, field) {
		var at time.Time
		if text != "" {
			var err error
			at, err = time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			require.Equal(t, time.UTC, at.Location())
		}
		out = append(out, at)
	}
	return out
}

// What comes while a client pages is neither repeated nor hides anything.
func TestPagesAreStableUnderWrites(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.crowd(14)
		owner := w.as("owner")
		l := conversationsBy("CREATED", "DESC")
		before, _ := l.page(owner, vars{"first": 100})
		first, info := l.page(owner, vars{"first": 5})
		w.crowd(7)
		second, _ := l.page(owner, vars{"first": 100, "after": info["endCursor"]})
		require.Equal(t, before, append(first, second...))
		newer, _ := l.page(owner, vars{"last": 100, "before": info["startCursor"]})
		require.Len(t, newer, 7)
	})
}

// B:V2
func TestHistoryIsNewestFirst(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.talk()
		a := w.as("owner").do(`query($id: ID!) { conversation(id: $id) {
			history { nodes { version kind actor { ... on Member { name } } from { assignee { name } handler } to { assignee { name } handler } conversation { version } } }
			messages { nodes { body internal } }
		} }`, vars{"id": resolvers.ConversationID(c.ID)})
		nodes, _ := a.at("conversation.history.nodes").([]any)
		require.Len(t, nodes, c.Version)
		for i, n := range nodes {
			require.Equal(t, number(c.Version-i), dig(t, n, "version"))
		}
		claimed := nodes[len(nodes)-2]
		requireMatch(t, object{
			"kind": "CLAIMED", "actor": object{"name": "Anna Berg"}, "from": object{"assignee": nil, "handler": "AI"},
			"to": object{"assignee": object{"name": "Anna Berg"}, "handler": "HUMAN"},
		}, claimed, "history")
		bodies := column(t, a.at("conversation.messages.nodes"), "body")
		require.True(t, strings.HasSuffix(bodies[1], " 0") && strings.HasSuffix(bodies[11], " 10"), "behind the notice of who answers: %v", bodies)
	})
}
