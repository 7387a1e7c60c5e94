package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// Merging moves conversations and external ids, fills what was missing, and ends the
// tokens of what moved. B:N3
func TestContactsAreMerged(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		manager, website := w.as("manager"), w.as("website")
		stays := w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "Hi", Contact: contacts.NewContact{ExternalID: "phone-1", Name: "Ada", Phone: "+49301234567"}})
		moves := w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "Hello", ExternalID: "chat-2", Contact: contacts.NewContact{
			ExternalID: "mail-1", Name: "A. Lovelace", Email: "ada@example.test", EmailVerified: true, Attributes: []inbox.Attribute{{Key: "plan", Value: "gold"}},
		}})
		into, from := resolvers.GlobalID("Contact", stays.Contact), resolvers.GlobalID("Contact", moves.Contact)
		post := func() any {
			return website.do(`mutation { payload: postMessage(input: {conversationExternalId: "chat-2", externalId: "m-1", author: {contact: true}, body: "Are you there?"}) { message { id } userErrors { code } } }`, nil).at("payload.message.id")
		}
		first := post()
		kept, ended := w.contact(stays), w.contact(moves)
		w.settle()
		live := manager.follow(`subscription($c: [ID!]) { inboxChanges(view: {contactIds: $c}) { change conversationId } }`, vars{"c": []string{into}})

		input := object{"contactId": into, "mergeId": from, "idempotencyKey": "once"}
		payload := manager.act("mergeContacts", input)
		require.Equal(t, from, payload["mergedContactId"])
		requireMatch(t, object{
			"id": into, "name": "Ada", "email": "ada@example.test", "emailVerified": true, "phone": "+49301234567", "externalId": "phone-1",
			"externalIds": []any{"phone-1", "mail-1"}, "attributes": []any{object{"key": "plan", "value": "gold"}},
		}, manager.stored(into), "contact")
		changes := map[any]any{}
		for range 2 {
			item := live.item()
			changes[item["conversationId"]] = item["change"]
		}
		require.Equal(t, map[any]any{resolvers.ConversationID(stays.ID): "UPDATED", resolvers.ConversationID(moves.ID): "ENTERED"}, changes)

		require.Equal(t, into, manager.stored(from)["id"], "the old id leads to the contact that stays")
		for _, id := range []string{"phone-1", "mail-1"} {
			require.Equal(t, into, dig(t, website.begin(object{"externalId": id}), "conversation.contact.id"), id)
		}
		moved := manager.do(`query($id: ID!) { conversation(id: $id) { contact { id name } messages { nodes { author { name ... on Contact { id } } } } } }`, vars{"id": resolvers.ConversationID(moves.ID)})
		require.Equal(t, object{"id": into, "name": "Ada"}, moved.at("conversation.contact"))
		for _, m := range moved.at("conversation.messages.nodes").([]any) {
			require.Equal(t, object{"id": into, "name": "Ada"}, dig(t, m, "author"), "the words are of the contact that stays")
		}
		kept.do(`{ viewer { contact { id } } }`, nil).ok()
		require.Equal(t, "UNAUTHENTICATED", ended.do(`{ viewer { contact { id } } }`, nil).code())
		token, _ := website.act("createContactToken", object{"conversationExternalId": "chat-2"})["contactToken"].(string)
		again := &client{t: t, server: w.server, token: token, space: w}
		require.Equal(t, into, again.do(`{ viewer { contact { id } } }`, nil).at("viewer.contact.id"))

		said := len(moved.at("conversation.messages.nodes").([]any))
		repeated := website.do(`mutation { payload: startLivechat(input: {externalId: "chat-2", message: "Hello", contact: {externalId: "mail-1"}}) { conversation { id } userErrors { code } } }`, nil)
		require.Equal(t, resolvers.ConversationID(moves.ID), repeated.at("payload.conversation.id"), "a repeat of the first request still is one")
		require.Equal(t, first, post(), "and so is one of what the contact said before")
		page, err := w.store.ListMessages(t.Context(), desk.MessageQuery{Workspace: w.id, Conversation: moves.ID, Page: inbox.PageRequest{Limit: 20}})
		require.NoError(t, err)
		require.Len(t, page.Items, said, "nothing is written twice")

		require.Equal(t, into, dig(t, manager.act("mergeContacts", input), "contact.id"))
		require.Equal(t, "INVALID_INPUT", manager.refusedAct("mergeContacts", object{"contactId": into, "mergeId": from}), "they are one by now")
		require.Equal(t, "NOT_FOUND", manager.refusedAct("mergeContacts", object{"contactId": into, "mergeId": made("Contact")}))
		require.Len(t, w.as("owner").audited(object{"actions": []string{"contact.merge"}}), 1)
		require.Equal(t, number(1), manager.do(`{ contacts { totalCount } }`, nil).at("contacts.totalCount"))

		// A merge into a third contact takes along what was merged before.
		third := dig(t, website.begin(object{"externalId": "third"}), "conversation.contact.id")
		manager.act("mergeContacts", object{"contactId": third, "mergeId": into})
		for _, id := range []string{"third", "phone-1", "mail-1"} {
			require.Equal(t, third, dig(t, website.begin(object{"externalId": id}), "conversation.contact.id"), id)
		}
		require.Equal(t, third, manager.stored(from)["id"])
	})
}

// An erased contact is found nowhere: not by name, id or address, in no list, no
// history and no event that comes again. What was said stays. B:N3
func TestAContactIsErased(t *testing.T) {
	secret := []string{"SECRET-NAME", "secret@example.test", "+4930999999", "SECRET-VALUE", "SECRET-EXTERNAL"}
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		manager, owner, website := w.as("manager"), w.as("owner"), w.as("website")
		w.settle()
		cursor := owner.do(`{ conversations { liveCursor } }`, nil).at("conversations.liveCursor")
		contact := contacts.NewContact{
			ExternalID: secret[4], Name: secret[0], Email: secret[1], EmailVerified: true, Phone: secret[2], Attributes: []inbox.Attribute{{Key: "k", Value: secret[3]}},
		}
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "My parcel", ExternalID: "chat-1", Contact: contact})
		alias := dig(t, website.begin(object{"externalId": "SECRET-EXTERNAL-2"}), "conversation.contact.id")
		id := resolvers.GlobalID("Contact", c.Contact)
		manager.act("mergeContacts", object{"contactId": id, "mergeId": alias})
		c = w.claim(w.stored(c.ID), "owner")
		visitor := w.contact(c)
		visitor.do(`{ viewer { contact { id } } }`, nil).ok()
		w.settle()
		live := owner.follow(`subscription { inboxChanges(view: {search: "secret"}) { change } }`, nil)

		input := object{"contactId": id, "idempotencyKey": "once"}
		require.Equal(t, id, manager.act("eraseContact", input)["erasedContactId"])
		require.Equal(t, id, manager.act("eraseContact", input)["erasedContactId"])
		require.Equal(t, "NOT_FOUND", manager.refusedAct("eraseContact", object{"contactId": id}))
		require.Equal(t, "LEFT", live.item()["change"])
		require.Equal(t, "UNAUTHENTICATED", visitor.do(`{ viewer { contact { id } } }`, nil).code())

		all := owner.do(`query($id: ID!, $contact: ID!) {
			conversation(id: $id) { contact { `+contactFields+` } messages { nodes { body author { name } } } history { nodes { conversation { contact { `+contactFields+` } } actor { name } } } }
			conversations(view: {contactIds: [$contact]}) { nodes { id contact { `+contactFields+` } } }
			notifications { nodes { conversation { contact { `+contactFields+` } } } }
			contacts { nodes { `+contactFields+` } }
			auditLog { nodes { summary changes { field from to } target { name } } }
		}`, vars{"id": resolvers.ConversationID(c.ID), "contact": id})
		all.ok()
		missed := owner.follow(`subscription($after: Cursor) { inboxChanges(view: {}, after: $after) { change conversation { contact { `+contactFields+` } } } }`, vars{"after": cursor})
		text := all.text
		for range 4 {
			text += string(missed.message().Payload)
		}
		for _, word := range secret {
			require.NotContains(t, text, word)
		}
		require.Contains(t, text, "My parcel", "what was said stays")
		require.Equal(t, "Visitor", all.at("conversation.contact.name"))
		require.Equal(t, "NOT_FOUND", owner.do(`query($id: ID!) { node(id: $id) { id } }`, vars{"id": id}).code())
		for _, search := range []string{"secret", "4930999999"} {
			got := owner.do(`query($s: String) { conversations(view: {search: $s}) { totalCount } contacts(search: $s) { totalCount } }`, vars{"s": search})
			require.Equal(t, number(0), got.at("conversations.totalCount"))
			require.Equal(t, number(0), got.at("contacts.totalCount"))
		}
		for _, external := range []string{secret[4], "SECRET-EXTERNAL-2"} {
			require.NotEqual(t, id, dig(t, website.begin(object{"externalId": external}), "conversation.contact.id"), "the id is free for somebody else")
		}
		require.NotEqual(t, id, dig(t, website.begin(object{"email": secret[1], "emailVerified": true}), "conversation.contact.id"))
	})
}

// A right that reaches one kind of conversation gives the contacts of that kind, at
// every door by which a contact is read or named. B:Z2, B:N3
func TestContactsAreKnownByKind(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, kind := range workspace.Kinds() {
			w := s.newSpace(t, "enterprise", func(d *workspace.Directory) {
				for id, k := range d.Keys {
					if k.Role == workspace.RolePartner {
						k.Permissions = []workspace.Permission{{Kind: kind, Action: workspace.PermReply, Scope: workspace.ScopeAll}}
						d.Keys[id] = k
						for other := range d.Keys { // whoever began them
							if d.Workspace.Handovers[""] = id; other != id {
								d.Workspace.Handovers[other] = id
							}
						}
					}
				}
			})
			for contactKind, c := range map[workspace.Kind]inbox.Conversation{
				workspace.Livechat: w.start(desk.NewConversation{Contact: contacts.NewContact{ExternalID: "chats", Email: "chats@example.test", EmailVerified: true}}),
				workspace.Ticket:   w.ticketOf(contacts.NewContact{ExternalID: "tickets", Email: "tickets@example.test", EmailVerified: true}),
			} {
				known := contactKind == kind
				_, err := w.service.Contacts.Contact(t.Context(), w.principal("partner"), c.Contact)
				require.Equal(t, known, err == nil, "%s feeder, contact of a %s", kind, contactKind)
				external := map[workspace.Kind]string{workspace.Livechat: "chats", workspace.Ticket: "tickets"}[contactKind]
				for by, n := range map[string]contacts.NewContact{
					"external id": {ExternalID: external}, "address": {Email: external + "@example.test", EmailVerified: true},
				} {
					n := desk.NewConversation{Contact: n, Subject: "Mine", To: access.Owner{Team: w.team("support")}}
					var out desk.Outcome
					if kind == workspace.Ticket {
						out, err = w.service.Intake.CreateTicket(t.Context(), w.principal("partner"), n)
					} else {
						n.To = access.Owner{}
						out, err = w.service.Intake.StartLivechat(t.Context(), w.principal("partner"), n)
					}
					require.Equal(t, known, err == nil && out.Conversation.Contact == c.Contact, "%s feeder, contact of a %s, by %s: %v", kind, contactKind, by, err)
				}
			}
		}
	})
}
