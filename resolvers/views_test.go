package resolvers_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// row is a conversation as a list shows it.
type row object

func (r row) text(field string) string {
	text, _ := r[field].(string)
	return text
}

func (r row) id(field string) string {
	o, _ := r[field].(object)
	id, _ := o["id"].(string)
	return id
}

const rowFields = `{ id kind status handler channel subject assignee { id } team { id } contact { id name } }`

func (c *client) rows(view object) []row {
	c.t.Helper()
	nodes, _ := c.do(`query($view: InboxView) { conversations(view: $view, first: 100) { nodes `+rowFields+` } }`, vars{"view": view}).at("conversations.nodes").([]any)
	out := []row{}
	for _, n := range nodes {
		o, _ := n.(object)
		out = append(out, row(o))
	}
	return out
}

func ids(rows []row) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r.text("id"))
	}
	return slices.Sorted(slices.Values(out))
}

// B:V1
func TestViewsFilter(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.crowd(60)
		agent1, sales := w.global("member agent1"), w.global("team sales")
		everything := w.as("manager").rows(nil)
		require.Len(t, everything, 60)
		someone := everything[3].id("contact")
		cases := []struct {
			name string
			view object
			want func(row) bool
		}{
			{"all", object{"list": "ALL"}, func(row) bool { return true }},
			{"mine", object{"list": "MINE"}, func(r row) bool { return r.id("assignee") == w.global("member manager") }},
			{"unassigned", object{"list": "UNASSIGNED"}, func(r row) bool { return r.id("assignee") == "" && r.text("status") != "CLOSED" }},
			{"queued", object{"list": "QUEUED"}, func(r row) bool { return r.text("handler") == "QUEUED" && r.text("status") != "CLOSED" }},
			{"my teams", object{"list": "MY_TEAMS"}, func(r row) bool { return r.id("team") == w.global("team support") }},
			{"kinds", object{"kinds": []string{"TICKET"}}, func(r row) bool { return r.text("kind") == "TICKET" }},
			{"statuses", object{"statuses": []string{"CLOSED", "UNSET"}}, func(r row) bool { return r.text("status") != "OPEN" }},
			{"handlers", object{"handlers": []string{"AI"}}, func(r row) bool { return r.text("handler") == "AI" }},
			{"assignees", object{"assigneeIds": []string{agent1}}, func(r row) bool { return r.id("assignee") == agent1 }},
			{"teams", object{"teamIds": []string{sales}}, func(r row) bool { return r.id("team") == sales }},
			{"contacts", object{"contactIds": []string{someone}}, func(r row) bool { return r.id("contact") == someone }},
			{"channels", object{"channels": []string{"whatsapp", "email"}}, func(r row) bool { return r.text("channel") != "web" }},
			{"several", object{"kinds": []string{"LIVECHAT"}, "assigneeIds": []string{agent1}, "channels": []string{"whatsapp"}}, func(r row) bool {
				return r.text("kind") == "LIVECHAT" && r.id("assignee") == agent1 && r.text("channel") == "whatsapp"
			}},
			{"search with an accent", object{"search": "café"}, func(r row) bool { return r.text("subject") == "Café au lait" }},
			{"search without", object{"search": "CAFE"}, func(r row) bool { return r.text("subject") == "Café au lait" }},
			{"search by the beginnings of words", object{"search": "inv mul"}, func(r row) bool { return r.text("subject") == "MÜLLER's invoice" }},
			{"search by the contact's name", object{"search": "zoe ang"}, func(r row) bool { return dig(t, object(r), "contact.name") == "Zoë Ångström" }},
			{"search in other letters", object{"search": "ΣΙΣΥΦΟΣ"}, func(r row) bool { return r.text("subject") == "a broken ΣΊΣΥΦΟΣ mug" }},
			{"search within a word finds nothing", object{"search": "arcel"}, func(row) bool { return false }},
			{"search for blanks does not filter", object{"search": "  "}, func(row) bool { return true }},
			{"empty lists do not filter", object{"kinds": []string{}, "teamIds": []string{}}, func(row) bool { return true }},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				want := ids(slices.DeleteFunc(slices.Clone(everything), func(r row) bool { return !c.want(r) }))
				require.Equal(t, want, ids(w.as("manager").rows(c.view)))
				counted := w.as("manager").do(`query($view: InboxView!, $views: [InboxView!]!) {
					conversations(view: $view, first: 1) { totalCount } inboxCounts(views: $views) { view count }
				}`, vars{"view": c.view, "views": []object{{"list": "ALL"}, c.view}})
				require.Equal(t, number(len(want)), counted.at("conversations.totalCount"))
				require.Equal(t, []any{object{"view": number(0), "count": number(60)}, object{"view": number(1), "count": number(len(want))}}, counted.at("inboxCounts"))
			})
		}
	})
}

// A list holds what single reads allow, and nothing else. B:Z1, B:Z8
func TestWalkListsHoldWhatMayBeRead(t *testing.T) {
	walk.Alone(t)
	onEngines(t, func(t *testing.T, s *server) {
		for _, visibility := range []workspace.Visibility{workspace.VisibleScoped, workspace.VisibleExclusive, workspace.VisibleOpen} {
			w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.Visibility = visibility })
			w.crowd(21)
			everything := w.everything()
			for _, who := range []string{"owner", "manager", "senior", "agent1", "sales1", "observer", "ai", "ai2"} {
				t.Run(string(visibility)+" "+who, func(t *testing.T) {
					c := w.as(who)
					var readable []string
					for _, id := range everything {
						a := c.do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": id})
						if a.code() == "" {
							readable = append(readable, id)
							continue
						}
						require.Equal(t, "PERMISSION_DENIED", a.code())
						require.Contains(t, a.Errors[0].Extensions["permission"], ":")
					}
					require.ElementsMatch(t, readable, ids(c.rows(nil)))
				})
			}
		}
	})
}

// everything gives the ids of all conversations of the space, by the store.
func (w *space) everything() []string {
	w.t.Helper()
	page, err := w.store.ListConversations(w.t.Context(), access.ConversationQuery{
		Workspace: w.id, Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}},
		Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: 100},
	})
	require.NoError(w.t, err)
	var out []string
	for _, c := range page.Items {
		out = append(out, resolvers.ConversationID(c.ID))
	}
	return out
}

// B:A2
func TestMembersAreSearched(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for search, want := range map[string][]string{
			"nunez": {"Adrián Núñez"}, "NÚÑ adr": {"Adrián Núñez"}, "emile": {"Émile Okafor"}, "o": {"Olivia Ohm", "Oskar Vance", "Otto Weiß", "Émile Okafor"},
			"WEI": {"Otto Weiß"}, "kafor": {}, "ohm vance": {},
		} {
			got := column(t, w.as("agent1").do(`query($s: String) { members(search: $s, first: 100) { nodes { name } } }`, vars{"s": search}).at("members.nodes"), "name")
			require.ElementsMatch(t, want, got, search)
		}
		got := w.as("agent1").do(`query($team: ID) { members(teamId: $team, availability: AWAY) { totalCount nodes { name teams { name } roles { name custom } avatarUrl } } }`, vars{"team": w.global("team support")})
		require.Equal(t, number(1), got.at("members.totalCount"))
		require.Equal(t, []any{object{
			"name": "Ada Awad", "teams": []any{object{"name": "Support"}}, "roles": []any{object{"name": "agent", "custom": false}}, "avatarUrl": "https://example.test/away.png",
		}}, got.at("members.nodes"))
	})
}

// B:A2
func TestAssignPanel(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		query := `query($id: ID!, $s: String, $after: Cursor) { assignableMembers(conversationId: $id, search: $s, first: 4, after: $after) {
			totalCount pageInfo { hasNextPage endCursor }
			nodes { isCurrentAssignee selectable reason candidate { __typename ... on Member { name } ... on AIAgent { name } } }
		} }`
		seen := map[string]object{}
		var order []string
		args := vars{"id": resolvers.ConversationID(c.ID)}
		for {
			a := w.as("manager").do(query, args)
			require.Equal(t, number(11), a.at("assignableMembers.totalCount"))
			nodes, _ := a.at("assignableMembers.nodes").([]any)
			for _, n := range nodes {
				name, _ := dig(t, n, "candidate.name").(string)
				seen[name], _ = n.(object)
				order = append(order, name)
			}
			if a.at("assignableMembers.pageInfo.hasNextPage") != true {
				break
			}
			args["after"] = a.at("assignableMembers.pageInfo.endCursor")
		}
		require.Len(t, seen, 11)
		require.Equal(t, "Ada ai", order[0], "the AI row comes first")
		for name, want := range map[string]object{
			"Ada ai":       {"candidate": object{"__typename": "AIAgent", "name": "Ada ai"}, "selectable": false, "reason": "AI_AGENT", "isCurrentAssignee": false},
			"Anna Berg":    {"candidate": object{"__typename": "Member", "name": "Anna Berg"}, "selectable": false, "reason": "CURRENT_ASSIGNEE", "isCurrentAssignee": true},
			"Oskar Vance":  {"candidate": object{"__typename": "Member", "name": "Oskar Vance"}, "selectable": false, "reason": "NOT_A_LIVE_AGENT", "isCurrentAssignee": false},
			"Ada Awad":     {"candidate": object{"__typename": "Member", "name": "Ada Awad"}, "selectable": true, "reason": nil, "isCurrentAssignee": false},
			"Chiara Rossi": {"candidate": object{"__typename": "Member", "name": "Chiara Rossi"}, "selectable": true, "reason": nil, "isCurrentAssignee": false},
		} {
			require.Equal(t, want, seen[name])
		}
		found := w.as("manager").do(query, vars{"id": resolvers.ConversationID(c.ID), "s": "ada"})
		require.Equal(t, number(2), found.at("assignableMembers.totalCount"), "Ada the agent and Ada Awad")
		refused := w.as("observer").do(query, vars{"id": resolvers.ConversationID(c.ID)})
		require.Equal(t, "PERMISSION_DENIED", refused.code())
	})
}
