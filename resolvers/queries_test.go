package resolvers_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

// calls counts the calls of the store that a query costs.
func (c *client) calls(query string, v vars) map[string]int {
	c.t.Helper()
	return c.watched.during(func() { c.do(query, v).ok() })
}

// B:Z5
func TestAListCostsNoQueryPerRow(t *testing.T) {
	schema := loadSchema(t)
	// What a row cannot be asked without a query of its own, and the contact,
	// whose address is fetched for all rows together.
	apart := map[string]bool{"queuePosition": true, "messages": true, "history": true, "contact": true}
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.crowd(50)
		for _, field := range schema.Types["Conversation"].Fields {
			if apart[field.Name] {
				continue
			}
			query := `query($first: Int) { conversations(first: $first) { nodes { ` + field.Name + ` ` + selection(schema, field.Type.Name()) + ` } } }`
			one := w.as("manager").calls(query, vars{"first": 1})
			many := w.as("manager").calls(query, vars{"first": 50})
			require.Equal(t, one, many, field.Name)
			require.Equal(t, 1, many["ListConversations"], field.Name)
		}
		query := `{ conversations(first: 50) { nodes { viewerCan { action allowed reason permission requiredPlan { name } } } } }`
		require.Equal(t, map[string]int{"ListConversations": 1}, w.as("agent1").calls(query, nil))
	})
}

// What is kept apart from a conversation is fetched for all rows at once. The
// keys of one response are gathered for a moment that a busy machine may miss,
// so it may take some tries to see that all of them came together.
func TestRowsAreFetchedTogether(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.crowd(50)
		for query, method := range map[string]string{
			`{ conversations(first: 50) { nodes { contact { email externalId } } } }`:                                   "Contacts",
			`{ conversations(first: 50) { nodes { assignee { openConversations } } } }`:                                 "Loads",
			`{ members(first: 50) { nodes { openConversations } } }`:                                                    "Loads",
			`{ teams(first: 50) { nodes { members { nodes { openConversations } } } } }`:                                "Loads",
			`{ conversations(first: 50) { nodes { lastMessage { author { __typename ... on Contact { email } } } } } }`: "Contacts",
		} {
			var got map[string]int
			require.Eventually(t, func() bool {
				got = w.as("manager").calls(query, nil)
				return got[method] == 1
			}, patience, tick, "%s of %s", method, query)
			delete(got, "ListConversations")
			require.Equal(t, map[string]int{method: 1}, maps.Clone(got), query)
		}
	})
}

// The figures that are fetched together are each row's own.
func TestRowsFetchedTogetherAreNotMixedUp(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.crowd(50)
		nodes, _ := w.as("manager").do(`{ conversations(first: 50) { nodes { contact { id email externalId } } } }`, nil).at("conversations.nodes").([]any)
		emails := map[any]bool{}
		for _, n := range nodes {
			email, _ := dig(t, n, "contact.email").(string)
			external, _ := dig(t, n, "contact.externalId").(string)
			require.Equal(t, "contact-"+email[1:len(email)-len("@example.test")], external)
			emails[email] = true
		}
		require.Len(t, emails, 50)
		members, _ := w.as("manager").do(`{ members(first: 50) { nodes { id openConversations } } }`, nil).at("members.nodes").([]any)
		for _, m := range members {
			id, _ := dig(t, m, "id").(string)
			open := 0
			for _, r := range w.as("manager").rows(object{"assigneeIds": []string{id}, "statuses": []string{"OPEN", "UNSET"}}) {
				require.Equal(t, id, r.id("assignee"))
				open++
			}
			require.Equal(t, number(open), dig(t, m, "openConversations"))
		}
	})
}
