package resolvers_test

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// every lists all connections with what else must not share their cursors.
func (w *space) every() []connection {
	w.t.Helper()
	c := w.talk()
	w.numbered()
	w.offerOf(w.owned("owner").ID, "owner", access.Owner{Member: w.member("agent2")})
	id := vars{"id": resolvers.ConversationID(c.ID)}
	panel := `query($id: ID!, $s: String, $first: Int, $after: Cursor) { assignableMembers(conversationId: $id, search: $s, first: $first, after: $after) { edges { cursor } } }`
	return append(w.connections(c),
		connection{name: "assign panel", at: "assignableMembers", vars: id, query: panel},
		connection{name: "assign panel searched", at: "assignableMembers", vars: vars{"id": id["id"], "s": "a"}, query: panel},
		connection{
			name: "offers", at: "offers",
			query: `query($first: Int, $after: Cursor) { offers(side: SENT, first: $first, after: $after) { edges { cursor } } }`,
		},
		connection{
			name: "contacts", at: "contacts", backwards: true,
			query: `query($first: Int, $after: Cursor, $last: Int, $before: Cursor) { contacts(first: $first, after: $after, last: $last, before: $before) { edges { cursor } } }`,
		},
		connection{
			name: "contacts searched", at: "contacts", vars: vars{"s": "v"},
			query: `query($s: String, $first: Int, $after: Cursor) { contacts(search: $s, first: $first, after: $after) { edges { cursor } } }`,
		},
		connection{
			name: "log", at: "eventLog", backwards: true,
			query: `query($first: Int, $after: Cursor, $last: Int, $before: Cursor) { eventLog(first: $first, after: $after, last: $last, before: $before) { edges { cursor } } }`,
		},
		connection{name: "webhooks", at: "webhooks", query: `query($first: Int, $after: Cursor) { webhooks(first: $first, after: $after) { edges { cursor } } }`},
		connection{
			name: "deliveries", at: "node.deliveries", vars: vars{"id": w.webhook()},
			query: `query($id: ID!, $first: Int, $after: Cursor) { node(id: $id) { ... on WebhookEndpoint { deliveries(first: $first, after: $after) { edges { cursor } } } } }`,
		},
		connection{name: "API keys", at: "apiKeys", query: `query($first: Int, $after: Cursor) { apiKeys(first: $first, after: $after) { edges { cursor } } }`},
		connection{
			name: "members searched", at: "members", vars: vars{"s": "a"},
			query: `query($s: String, $first: Int, $after: Cursor) { members(search: $s, first: $first, after: $after) { edges { cursor } } }`,
		},
		connection{
			name: "members online", at: "members",
			query: `query($first: Int, $after: Cursor) { members(availability: ONLINE, first: $first, after: $after) { edges { cursor } } }`,
		},
		connection{
			name: "audit log of the owner", at: "auditLog", vars: vars{"who": w.global("member owner")},
			query: `query($who: ID!, $first: Int, $after: Cursor) { auditLog(filter: {actorId: $who}, first: $first, after: $after) { edges { cursor } } }`,
		},
		connection{
			name: "members of another team", at: "node.members", vars: vars{"id": w.global("team sales")},
			query: `query($id: ID!, $first: Int, $after: Cursor) { node(id: $id) { ... on Team { members(first: $first, after: $after) { edges { cursor } } } } }`,
		},
		connection{
			name: "conversations viewed", at: "conversations", backwards: true,
			query: `query($first: Int, $after: Cursor, $last: Int, $before: Cursor) {
				conversations(view: {list: UNASSIGNED}, first: $first, after: $after, last: $last, before: $before) { edges { cursor } } }`,
		},
	)
}

// ask sends one request for a page, right or wrong.
func (l connection) ask(c *client, args vars) answer {
	c.t.Helper()
	all := maps.Clone(l.vars)
	if all == nil {
		all = vars{}
	}
	maps.Copy(all, args)
	return c.do(l.query, all)
}

// cursor gives the first cursor of the list.
func (l connection) cursor(c *client) string {
	c.t.Helper()
	edges, ok := dig(c.t, l.ask(c, vars{"first": 1}).ok(), l.at+".edges").([]any)
	require.True(c.t, ok)
	require.NotEmpty(c.t, edges, l.name)
	text, _ := dig(c.t, edges[0], "cursor").(string)
	return text
}

// Every connection of the schema is among those that are tested here.
func TestConnectionsAreCovered(t *testing.T) {
	s := loadSchema(t)
	s2 := onEmbedded(t)
	w := s2.newSpace(t, "enterprise", nil)
	w.chat()
	var queries strings.Builder
	for _, l := range w.every() {
		queries.WriteString(l.query)
	}
	for _, d := range ownTypes(s) {
		for _, f := range d.Fields {
			if strings.HasSuffix(f.Type.Name(), "Connection") {
				require.Contains(t, queries.String(), f.Name+"(", "%s.%s is in no test of cursors", d.Name, f.Name)
			}
		}
	}
}

func TestWrongPagesAreRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.chat()
		owner := w.as("owner")
		for _, l := range w.every() {
			refuse := func(args vars, code, field string) {
				t.Helper()
				a := l.ask(owner, args)
				require.Equal(t, code, a.code(), "%s %v: %s", l.name, args, a.text)
				require.Contains(t, a.Errors[0].Message, field, l.name)
			}
			refuse(vars{"first": 101}, "INVALID_INPUT", "first")
			refuse(vars{"first": -1}, "INVALID_INPUT", "first")
			if l.backwards {
				refuse(vars{"last": 101}, "INVALID_INPUT", "last")
				refuse(vars{"last": -1}, "INVALID_INPUT", "last")
				refuse(vars{"first": 1, "last": 1}, "INVALID_INPUT", "first")
			}
			good := l.cursor(owner)
			for _, damaged := range []string{
				"", "x", good + "x", good[1:], good[:len(good)-4], good + "\n", strings.ToUpper(good), w.global("member agent1"),
				base64.RawURLEncoding.EncodeToString([]byte(`{}`)), base64.RawURLEncoding.EncodeToString([]byte(`null`)), base64.RawURLEncoding.EncodeToString([]byte(`[1]`)),
				base64.RawURLEncoding.EncodeToString([]byte(`{"l":"1","k":"1","i":"1"}`)), good + "!", good + "=", never(t, good),
			} {
				refuse(vars{"first": 1, "after": damaged}, "INVALID_CURSOR", "after")
				if l.backwards {
					refuse(vars{"last": 1, "before": damaged}, "INVALID_CURSOR", "before")
				}
			}
		}
	})
}

// A cursor of another list is refused, be the other list ever so alike: the
// same people searched otherwise, another order, another conversation, another
// workspace.
func TestWalkCursorsOfOtherListsAreRefused(t *testing.T) {
	walk.Alone(t)
	onEngines(t, func(t *testing.T, s *server) {
		w, foreign := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		w.chat()
		foreign.chat()
		lists, theirs := w.every(), foreign.every()
		owner := w.as("owner")
		for i, l := range lists {
			require.Empty(t, l.ask(owner, vars{"first": 1, "after": l.cursor(owner)}).Errors, l.name)
			foreignCursor := theirs[i].cursor(foreign.as("owner"))
			require.Equal(t, "INVALID_CURSOR", l.ask(owner, vars{"first": 1, "after": foreignCursor}).code(), "%s took the cursor of another workspace", l.name)
			for j, other := range lists {
				if i == j {
					continue
				}
				a := l.ask(owner, vars{"first": 1, "after": other.cursor(owner)})
				require.Equal(t, "INVALID_CURSOR", a.code(), "%s took a cursor of %s", l.name, other.name)
			}
		}
	})
}
