package resolvers_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

const contactFields = `id name knownName email emailVerified phone phoneVerified attributes { key value } externalId externalIds revision`

// begin starts a chat for a contact and gives the payload.
func (c *client) begin(contact object) object {
	c.t.Helper()
	query := `mutation($input: StartLivechatInput!) { payload: startLivechat(input: $input) { conversation { id contact { id name } } contactToken warnings { code } userErrors { code message field } } }`
	payload, ok := c.do(query, vars{"input": object{"contact": contact}}).at("payload").(object)
	require.True(c.t, ok)
	return payload
}

func (c *client) stored(contactID any) object {
	c.t.Helper()
	found, ok := c.do(`query($id: ID!) { node(id: $id) { ... on Contact { `+contactFields+` } } }`, vars{"id": contactID}).at("node").(object)
	require.True(c.t, ok)
	return found
}

// A contact is found by its external id, else by what is verified on both sides, and
// by nothing that a visitor can merely say. B:N3
func TestContactsAreFound(t *testing.T) {
	ada := object{"externalId": "ada", "name": "Ada", "email": "ada@kiss.test", "emailVerified": true, "phone": "+49 30 1234567", "phoneVerified": true}
	unverified := object{"externalId": "ada", "name": "Ada", "email": "ada@kiss.test", "phone": "+49301234567"}
	rows := map[string]struct {
		known, given object
		as           string
		rule         string
		found        bool
	}{
		"its external id":                          {ada, object{"externalId": "ada"}, "website", "", true},
		"its external id, by that alone":           {ada, object{"externalId": "ada"}, "website", "EXTERNAL_ID", true},
		"a verified address":                       {ada, object{"email": "ada@kiss.test", "emailVerified": true}, "website", "", true},
		"a verified address in another case":       {ada, object{"email": "ADA@Kiss.Test", "emailVerified": true}, "website", "", true},
		"a verified address and a new external id": {ada, object{"externalId": "new", "email": "ada@kiss.test", "emailVerified": true}, "website", "", true},
		"a verified number, written otherwise":     {ada, object{"phone": "+49 (30) 123-4567", "phoneVerified": true}, "website", "", true},
		"a verified address, by who manages":       {ada, object{"email": "ada@kiss.test", "emailVerified": true}, "manager", "", true},
		"a verified address, by external id alone": {ada, object{"email": "ada@kiss.test", "emailVerified": true}, "website", "EXTERNAL_ID", false},
		"an address that is merely said":           {ada, object{"email": "ada@kiss.test"}, "website", "", false},
		"a number that is merely said":             {ada, object{"phone": "+49301234567"}, "website", "", false},
		"an address that was merely said before":   {unverified, object{"email": "ada@kiss.test", "emailVerified": true}, "website", "", false},
		"a number that was merely said before":     {unverified, object{"phone": "+49301234567", "phoneVerified": true}, "website", "", false},
		"a Kelvin sign for the k":                  {ada, object{"email": "ada@\u212aiss.test", "emailVerified": true}, "website", "", false},
		"a long s for the s":                       {ada, object{"email": "ada@kis\u017f.test", "emailVerified": true}, "website", "", false},
		"a dotless i for the i":                    {ada, object{"email": "ada@k\u0131ss.test", "emailVerified": true}, "website", "", false},
		"the name alone":                           {ada, object{"name": "Ada"}, "website", "", false},
		"nothing":                                  {ada, object{}, "website", "", false},
	}
	onEngines(t, func(t *testing.T, s *server) {
		for name, row := range rows {
			t.Run(name, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", nil)
				if row.rule != "" {
					w.as("owner").act("updateWorkspaceRules", object{"matchContacts": row.rule})
				}
				first := dig(t, w.as("website").begin(row.known), "conversation.contact.id")
				got := w.as(row.as).begin(row.given)
				require.Empty(t, got["userErrors"])
				require.Equal(t, row.found, first == dig(t, got, "conversation.contact.id"))
				if id, given := row.given["externalId"]; given {
					require.Equal(t, dig(t, got, "conversation.contact.id"), dig(t, w.as("website").begin(object{"externalId": id}), "conversation.contact.id"), "the new id leads there from now on")
				}
			})
		}
	})
}

// Nobody vouches for an address but who speaks for contacts, so that no visitor, AI
// agent or plain member reaches another's contact by it. B:N3
func TestNotEverybodyVouches(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.as("website").begin(object{"externalId": "ada", "email": "ada@example.test", "emailVerified": true})
		for _, who := range []string{"agent1", "ai"} {
			for _, given := range []object{{"email": "ada@example.test", "emailVerified": true}, {"phone": "+49301234567", "phoneVerified": true}} {
				refused := w.as(who).begin(given)
				require.Equal(t, "PERMISSION_DENIED", dig(t, refused["userErrors"].([]any)[0], "code"))
			}
		}
	})
}

// What is said of a contact who exists fills and replaces what is stored if the
// caller may speak for it, and the answer says what became of it. B:N3
func TestWhatIsSaidOfAContact(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		website, manager := w.as("website"), w.as("manager")
		first := website.begin(object{"externalId": "ada"})
		id := dig(t, first, "conversation.contact.id")
		require.Equal(t, object{"id": id, "name": "Visitor"}, dig(t, first, "conversation.contact"))
		warned := func(payload object, codes ...any) {
			t.Helper()
			require.Empty(t, payload["userErrors"])
			got := []any{}
			for _, warning := range payload["warnings"].([]any) {
				got = append(got, dig(t, warning, "code"))
			}
			require.Equal(t, append([]any{}, codes...), got)
		}
		warned(first)
		warned(website.begin(object{"externalId": "ada", "name": "Ada", "email": "ada@example.test", "phone": "+49 30 1234567", "attributes": []object{{"key": "plan", "value": "gold"}}}), "CONTACT_UPDATED")
		warned(website.begin(object{"externalId": "ada", "name": "Ada", "email": " \u200b", "attributes": []object{{"key": "plan", "value": "gold"}}}))
		requireMatch(t, object{"name": "Ada", "knownName": "Ada", "email": "ada@example.test", "phone": "+49301234567", "revision": number(2)}, manager.stored(id), "contact")
		warned(w.as("agent1").begin(object{"externalId": "ada", "name": "Somebody"}), "CONTACT_NOT_UPDATED")
		warned(manager.begin(object{"externalId": "ada", "name": "Ada L.", "attributes": []object{{"key": "plan", "value": ""}, {"key": "age", "value": "36"}}}), "CONTACT_UPDATED")
		requireMatch(t, object{"name": "Ada L.", "attributes": []any{object{"key": "age", "value": "36"}}, "email": "ada@example.test"}, manager.stored(id), "contact")

		ticket := w.ticketOf(contacts.NewContact{ExternalID: "ada", Name: "Ada Lovelace"})
		require.Equal(t, "Ada Lovelace", ticket.ContactName)
		rows := manager.do(`{ conversations(view: {search: "lovelace"}) { totalCount nodes { contact { name } } } }`, nil)
		require.Equal(t, number(6), rows.at("conversations.totalCount"), "every conversation is found by the new name")

		refused := website.begin(object{"externalId": "ada", "phone": "030 1234567"})
		requireMatch(t, object{"code": "INVALID_INPUT", "field": []any{"contact", "phone"}}, refused["userErrors"].([]any)[0], "userErrors")
	})
}

// A repeat of a start takes what it says of the contact, too. B:N3, B:N1
func TestARepeatedStartSaysSomethingOfTheContact(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		ask := func(contact object) answer {
			return w.as("website").do(`mutation($input: StartLivechatInput!) { payload: startLivechat(input: $input) { conversation { id contact { id name } } warnings { code } userErrors { code } } }`,
				vars{"input": object{"externalId": "chat-1", "contact": contact}})
		}
		first := ask(object{"externalId": "ada"})
		again := ask(object{"externalId": "ada", "name": "Ada"})
		require.Equal(t, first.at("payload.conversation.id"), again.at("payload.conversation.id"))
		require.Equal(t, "Ada", again.at("payload.conversation.contact.name"))
		require.Equal(t, []any{object{"code": "CONTACT_UPDATED"}}, again.at("payload.warnings"))

		unnamed := func(name string) answer {
			return w.as("website").do(`mutation($input: StartLivechatInput!) { payload: startLivechat(input: $input) { conversation { id contact { id } } userErrors { code } } }`,
				vars{"input": object{"externalId": "chat-2", "contact": object{"name": name}}})
		}
		begun := unnamed("Bob")
		w.as("manager").act("updateContact", object{"contactId": begun.at("payload.conversation.contact.id"), "name": "Robert"})
		require.Equal(t, begun.at("payload.conversation.id"), unnamed("Bob").at("payload.conversation.id"), "the first request, again")
		require.Equal(t, "INVALID_INPUT", dig(t, unnamed("Mallory").at("payload.userErrors").([]any)[0], "code"))
	})
}

// A contact that is corrected is found by its new name at once, live too, and no
// longer by the old one. B:N3, B:V1, B:V4
func TestAContactIsCorrected(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		manager := w.as("manager")
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), Subject: "A parcel", Contact: contacts.NewContact{ExternalID: "ada", Name: "Ada"}})
		contact := resolvers.GlobalID("Contact", c.Contact)
		w.settle()
		follow := func(search string) *stream {
			return manager.follow(`subscription($s: String!) { inboxChanges(view: {search: $s}) { change conversationId conversation { contact { name } } } }`, vars{"s": search})
		}
		old, renamed, both, counts := follow("ada"), follow("grace"), follow("parcel"), manager.followCounts(object{"search": "ada"}, object{"search": "grace hop"})
		one := manager.followConversation(c.ID)
		counts.until(1, 0)

		input := object{"contactId": contact, "name": "Grace Hopper", "email": "grace@example.test", "expectedRevision": 1, "idempotencyKey": "once"}
		payload := manager.act("updateContact", input)
		requireMatch(t, object{"id": contact, "name": "Grace Hopper", "email": "grace@example.test"}, payload["contact"], "contact")
		require.Equal(t, "LEFT", old.item()["change"])
		entered := renamed.item()
		require.Equal(t, "ENTERED", entered["change"])
		require.Equal(t, "Grace Hopper", dig(t, entered, "conversation.contact.name"))
		require.Equal(t, "UPDATED", both.item()["change"])
		counts.until(0, 1)
		require.NotNil(t, one.item()["conversation"])

		for search, want := range map[string]int{"ada": 0, "grace": 1, "hopper grace": 1, "grace@exa": 1} {
			got := manager.do(`query($s: String) { conversations(view: {search: $s}) { totalCount } contacts(search: $s) { totalCount nodes { name } } }`, vars{"s": search})
			require.Equal(t, number(want), got.at("conversations.totalCount"), search)
			require.Equal(t, number(want), got.at("contacts.totalCount"), search)
		}
		again := manager.act("updateContact", input)
		require.Equal(t, payload["contact"], again["contact"], "a repeat changes nothing")
		require.Equal(t, "CONFLICT", manager.refusedAct("updateContact", object{"contactId": contact, "name": "X", "expectedRevision": 1}))
		require.Equal(t, "INVALID_INPUT", manager.refusedAct("updateContact", object{"contactId": contact, "name": "Y", "idempotencyKey": "once"}))
		require.Equal(t, "NOT_FOUND", manager.refusedAct("updateContact", object{"contactId": made("Contact"), "name": "X"}))

		log := fmt.Sprint(w.as("owner").audited(object{"actions": []string{"contact.update"}}))
		require.Contains(t, log, "contact.update")
		require.NotContains(t, log, "Grace")
		require.NotContains(t, log, "example.test")
	})
}

// Only who manages contacts changes or lists them. B:Z1, B:N3
func TestContactsAreManagedByPermission(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		contact := resolvers.GlobalID("Contact", w.owned("agent1").Contact)
		other := resolvers.GlobalID("Contact", w.ticket("agent1").Contact)
		for _, who := range []string{"agent1", "senior", "observer", "ai", "partner"} {
			for field, input := range map[string]object{
				"updateContact": {"contactId": contact, "name": "Mine"}, "mergeContacts": {"contactId": contact, "mergeId": other}, "eraseContact": {"contactId": contact},
			} {
				require.Equal(t, "PERMISSION_DENIED", w.as(who).refusedAct(field, input), who)
			}
			require.Equal(t, "PERMISSION_DENIED", w.as(who).do(`{ contacts { nodes { id } } }`, nil).code(), who)
		}
		for _, who := range []string{"owner", "admin", "manager"} {
			require.Equal(t, number(2), w.as(who).do(`{ contacts { totalCount } }`, nil).at("contacts.totalCount"), who)
		}
	})
}
