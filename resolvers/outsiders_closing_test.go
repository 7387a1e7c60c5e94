package resolvers_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const postIt = `mutation($in: PostMessageInput!) { payload: postMessage(input: $in) { message { id sequence author { name } } conversation { id status handler contact { id name } } userErrors { code message } } }`

// What somebody vouched for is not forgotten by a merge: the address that both have
// finds the contact as before. B:N3
func TestOutsidersAMergeKeepsWhatIsVerified(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for _, by := range []object{{"email": "Ada@example.test"}, {"phone": "+4930123456"}} {
			plain, vouched := object{"externalId": "stays"}, object{"externalId": "goes"}
			again := object{}
			for field, value := range by {
				plain["externalId"], vouched["externalId"] = "stays-"+field, "goes-"+field
				plain[field], vouched[field], vouched[field+"Verified"] = value, value, true
				again[field], again[field+"Verified"] = value, true
			}
			website := w.as("website")
			into := dig(t, website.begin(plain), "conversation.contact.id")
			from := dig(t, website.begin(vouched), "conversation.contact.id")
			require.NotEqual(t, into, from)
			w.as("manager").act("mergeContacts", object{"contactId": into, "mergeId": from})
			require.Equal(t, into, dig(t, website.begin(again), "conversation.contact.id"), "%v", by)
		}
	})
}

// The id of a contact that was merged leads to the one that is left, in filters as
// elsewhere: in lists, counts, live views and saved ones. B:N3, B:V1
func TestOutsidersFiltersFollowAMergedContact(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		manager := w.as("manager")
		a := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "a", Name: "A"}})
		b := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "b", Name: "B"}})
		into, from := resolvers.GlobalID("Contact", a.Contact), resolvers.GlobalID("Contact", b.Contact)
		made := manager.do(`mutation($c: [ID!]) { createSavedView(input: {name: "B's", filter: {contactIds: $c}}) { savedView { id } userErrors { code } } }`, vars{"c": []any{from}})
		view := made.at("createSavedView.savedView.id")
		manager.act("mergeContacts", object{"contactId": into, "mergeId": from})
		for name, filter := range map[string]object{"plain": {"contactIds": []any{from}}, "saved": {"savedViewId": view}, "both": {"contactIds": []any{from, into}}} {
			got := manager.do(`query($v: InboxView) { conversations(view: $v) { totalCount } }`, vars{"v": filter})
			require.Equal(t, number(2), got.at("conversations.totalCount"), name)
			counts := manager.followCounts(filter)
			counts.until(2)
		}
	})
}

// Live views and counts let go of an erased contact, also for who was away. B:N3, B:V4
func TestOutsidersLiveViewsLetGoOfTheErased(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		manager := w.as("manager")
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "x", Name: "Secretname", Email: "secret@example.test", Phone: "+4930999999"}})
		w.settle()
		filters := []object{{"contactEmails": []any{"secret@example.test"}}, {"search": "secretname"}, {"search": "4930999"}}
		cursors := []any{}
		for _, f := range filters {
			cursors = append(cursors, manager.do(`query($v: InboxView) { conversations(view: $v) { liveCursor totalCount } }`, vars{"v": f}).at("conversations.liveCursor"))
		}
		counts := manager.followCounts(filters...)
		counts.until(1, 1, 1)
		visitor := w.contact(c)
		st := visitor.follow(`subscription($id: ID!) { conversationUpdates(id: $id) { accessLost message { body } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		manager.act("eraseContact", object{"contactId": resolvers.GlobalID("Contact", c.Contact)})
		counts.until(0, 0, 0)
		for i, f := range filters {
			st := manager.follow(`subscription($v: InboxView!, $after: Cursor) { inboxChanges(view: $v, after: $after) { change gap conversationId conversation { contact { name } } } }`, vars{"v": f, "after": cursors[i]})
			item := st.item()
			require.True(t, item["gap"] == true || item["change"] == "LEFT", "%v: %v", f, item)
		}
		require.NotEmpty(t, st.refused(), "the contact's stream ends with its token")
	})
}

// Who was merged away hears nothing more by the token from before. B:N3
func TestOutsidersAMergeEndsTheContactsStream(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		a := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "a", Name: "A"}})
		b := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "b", Name: "B"}})
		st := w.contact(b).follow(`subscription($id: ID!) { conversationUpdates(id: $id) { accessLost message { body } } }`, vars{"id": resolvers.ConversationID(b.ID)})
		w.as("manager").act("mergeContacts", object{"contactId": resolvers.GlobalID("Contact", a.Contact), "mergeId": resolvers.GlobalID("Contact", b.Contact)})
		require.Equal(t, "UNAUTHENTICATED", st.refused())
	})
}

// What is posted for a contact who was merged or erased since is written, opens what
// is closed, and repeats nothing; past the window it begins a conversation of the
// contact as it is now. B:C4, B:N3
func TestOutsidersClosedConversationsOfMergedAndErasedContacts(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, act := range []string{"merge", "erase"} {
			for _, window := range []time.Duration{0, time.Hour} {
				w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.ReopenWindow = window })
				manager, website := w.as("manager"), w.as("website")
				into := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "into", Name: "Into"}})
				c := w.start(desk.NewConversation{Agent: w.agent("ai"), ExternalID: "chat", Message: "Hi", Contact: contacts.NewContact{ExternalID: "from", Name: "SECRET", Email: "secret@example.test"}})
				post := func(id string) answer {
					return website.do(postIt, vars{"in": object{"conversationExternalId": "chat", "externalId": id, "author": object{"contact": true}, "body": "Text " + id}})
				}
				first := post("m-1").at("payload.message.id")
				w.claim(w.stored(c.ID), "agent1")
				closeChat(w, w.stored(c.ID))
				old := w.contact(w.stored(c.ID))
				if act == "merge" {
					manager.act("mergeContacts", object{"contactId": resolvers.GlobalID("Contact", into.Contact), "mergeId": resolvers.GlobalID("Contact", c.Contact)})
				} else {
					manager.act("eraseContact", object{"contactId": resolvers.GlobalID("Contact", c.Contact)})
				}
				s.ahead.Add(int64(2 * time.Hour))
				require.Equal(t, first, post("m-1").at("payload.message.id"), act)
				require.Equal(t, inbox.Closed, w.stored(c.ID).Status, "a repeat opens nothing")
				got := post("m-2")
				require.Equal(t, "OPEN", got.at("payload.conversation.status"), got.text)
				require.Equal(t, window > 0, got.at("payload.conversation.id") != resolvers.ConversationID(c.ID))
				require.Equal(t, got.at("payload.message.id"), post("m-2").at("payload.message.id"))
				require.NotContains(t, got.text, "SECRET")
				name := map[string]any{"merge": "Into", "erase": "Visitor"}[act]
				require.Equal(t, name, got.at("payload.conversation.contact.name"))
				require.Equal(t, name, got.at("payload.message.author.name"))
				require.Equal(t, "UNAUTHENTICATED", old.do(`{ viewer { contact { id } } }`, nil).code())
				refused := old.do(sendIt, vars{"in": object{"conversationId": resolvers.ConversationID(c.ID), "body": "By the old token"}})
				require.Equal(t, "UNAUTHENTICATED", refused.code(), refused.text)
			}
		}
	})
}

// What was left and then given back to the AI agent or closed is not handed out
// when the time for claiming is over. B:C7, B:C6, B:L1
func TestOutsidersWhatIsNoLongerUpForGrabsStays(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) {
			d.Workspace.Rules.LeftWaits, d.Workspace.Rules.CloseIdleAfter = time.Minute, time.Hour
			d.Workspace.Rules.AIAfterUnassign = workspace.AIStaysStopped
		})
		left := func() inbox.Conversation {
			c := w.owned("agent1")
			out, err := w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
			require.NoError(t, err)
			require.True(t, out.Conversation.UpForGrabs)
			return out.Conversation
		}
		back, closed, claimed, idle := left(), left(), left(), left()
		_, err := w.service.Desk.ReturnToAgent(t.Context(), w.principal("manager"), desk.Request{Conversation: back.ID}, "")
		require.NoError(t, err)
		_, err = w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: closed.ID}, inbox.Closed)
		require.NoError(t, err)
		w.claim(claimed, "agent2")
		s.ahead.Add(int64(2 * time.Hour))
		require.NoError(t, s.service.Queues.CloseIdle(t.Context()))
		require.NoError(t, s.service.Queues.QueueLeft(t.Context()))
		for name, c := range map[string]inbox.Conversation{"back": back, "closed": closed, "claimed": claimed, "idle": idle} {
			now := w.stored(c.ID)
			require.False(t, now.UpForGrabs, name)
			require.Zero(t, now.GrabsUntil, name)
			require.Equal(t, inbox.Closed, now.Status, name)
		}
		require.Equal(t, workspace.MemberID(""), w.stored(back.ID).Assignee)
	})
}

// Each message of a conversation has its number, whatever wrote it, and a contact's
// numbers have no gaps where the notes are. B:V8a
func TestOutsidersEveryDoorNumbersItsMessages(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "one", ExternalID: "chat"})
		hello := "three, behind the notice"
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("senior"), desk.Request{Conversation: c.ID}, &hello, "")
		require.NoError(t, err)
		w.note(w.stored(c.ID), "senior", "a note")
		w.as("senior").do(setStatus, vars{"in": object{"conversationId": resolvers.ConversationID(c.ID), "status": "CLOSED", "note": "closing note", "reason": "done"}}).ok()
		w.as("website").do(postIt, vars{"in": object{"conversationExternalId": "chat", "author": object{"contact": true}, "body": "four"}}).ok()
		w.claim(w.stored(c.ID), "agent1")
		w.as("agent1").do(`mutation($in: SendMessageInput!) { sendMessage(input: $in) { userErrors { code } } }`, vars{"in": object{"conversationId": resolvers.ConversationID(c.ID), "body": "last"}}).ok()
		list := `query($id: ID!) { conversation(id: $id) { messages(first: 50) { nodes { body sequence internal } } } }`
		for name, who := range map[string]*client{"owner": w.as("owner"), "contact": w.contact(w.stored(c.ID))} {
			nodes, _ := who.do(list, vars{"id": resolvers.ConversationID(c.ID)}).at("conversation.messages.nodes").([]any)
			var bodies []string
			for i, n := range nodes {
				require.Equal(t, number(i+1), dig(t, n, "sequence"), "%s: %v", name, nodes)
				body, _ := dig(t, n, "body").(string)
				bodies = append(bodies, body)
			}
			if name == "contact" {
				require.NotContains(t, strings.Join(bodies, "|"), "note|")
			} else {
				require.Contains(t, strings.Join(bodies, "|"), "closing note")
			}
			require.Equal(t, "last", bodies[len(bodies)-1])
		}
	})
}

// Every write moves the revision, those that no verb makes included. B:V8b
func TestOutsidersEveryWriteMovesTheRevision(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), ExternalID: "chat", Contact: contacts.NewContact{ExternalID: "a", Name: "A"}})
		other := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "b", Name: "B"}})
		revision := func() int { return w.stored(c.ID).Revision }
		manager := w.as("manager")
		contact := resolvers.GlobalID("Contact", c.Contact)
		for _, step := range []struct {
			name string
			do   func()
		}{
			{"a new name", func() { manager.act("updateContact", object{"contactId": contact, "name": "Anna"}) }},
			{"a note", func() { w.note(w.stored(c.ID), "owner", "a note") }},
			{"the claim", func() { w.claim(w.stored(c.ID), "agent1") }},
			{"revoked tokens", func() { w.as("manager").do(revoke, vars{"id": resolvers.ConversationID(c.ID)}).ok() }},
			{"a merge", func() {
				manager.act("mergeContacts", object{"contactId": resolvers.GlobalID("Contact", other.Contact), "mergeId": contact})
			}},
			{"closing", func() { closeChat(w, w.stored(c.ID)) }},
			{"a successor", func() {
				_, err := w.service.Messages.StartNew(t.Context(), w.principal("owner"), c.ID, "Hello", "")
				require.NoError(t, err)
			}},
			{"an erasure", func() { manager.act("eraseContact", object{"contactId": resolvers.GlobalID("Contact", other.Contact)}) }},
		} {
			before := revision()
			step.do()
			require.Greater(t, revision(), before, step.name)
		}
	})
}

// Whoever may not manage contacts changes none and lists none, by no door. B:N3
func TestOutsidersContactsAreNotEverybodys(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		before, err := w.store.Contacts(t.Context(), w.id, []inbox.ContactID{c.Contact})
		require.NoError(t, err)
		id := resolvers.GlobalID("Contact", c.Contact)
		for _, who := range []string{"agent1", "senior", "observer", "ai", "website", "partner"} {
			caller := w.as(who)
			for _, op := range []string{
				`mutation($id: ID!) { p: updateContact(input: {contactId: $id, name: "Mallory"}) { contact { id } userErrors { code } } }`,
				`mutation($id: ID!) { p: mergeContacts(input: {contactId: $id, mergeId: $id}) { contact { id } userErrors { code } } }`,
				`mutation($id: ID!) { p: eraseContact(input: {contactId: $id}) { erasedContactId userErrors { code } } }`,
				`query($id: ID!) { p: node(id: $id) { id } contacts { totalCount } }`,
			} {
				got := caller.do(op, vars{"id": id})
				require.NotContains(t, got.text, "VALIDATION_FAILED", op)
				require.Contains(t, got.text, "PERMISSION_DENIED", "%s: %s", who, op)
				require.NotContains(t, got.text, `"totalCount":`, "%s: %s", who, op)
			}
			caller.do(`mutation { startLivechat(input: {contact: {externalId: "visitor-1", name: "Vera Visitor"}}) { conversation { id } userErrors { code } } }`, nil)
		}
		after, err := w.store.Contacts(t.Context(), w.id, []inbox.ContactID{c.Contact})
		require.NoError(t, err)
		require.Equal(t, before[c.Contact].Name, after[c.Contact].Name)
	})
}

// The wait for an answer follows what was said, whoever said it by whatever door. B:V1
func TestOutsidersTheWaitForAnAnswer(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), ExternalID: "chat", Message: "Hi"})
		id := resolvers.ConversationID(c.ID)
		waits := func() bool {
			got := w.as("owner").do(`query($id: ID!, $v: InboxView) { conversation(id: $id) { awaitingReplySince } conversations(view: $v) { totalCount } }`, vars{"id": id, "v": object{"awaitingReply": true}})
			since := got.at("conversation.awaitingReplySince") != nil
			require.Equal(t, since, got.at("conversations.totalCount") == number(1), "the list agrees")
			return since
		}
		says := func() {
			w.as("website").do(postIt, vars{"in": object{"conversationExternalId": "chat", "author": object{"contact": true}, "body": "?"}}).ok()
		}
		hello := "Hello"
		for _, step := range []struct {
			name string
			do   func()
			want bool
		}{
			{"the first message", func() {}, true},
			{"the AI's answer", func() {
				w.as("ai").do(`mutation($in: SendMessageInput!) { sendMessage(input: $in) { userErrors { code } } }`, vars{"in": object{"conversationId": id, "body": "Yes", "epoch": w.stored(c.ID).Epoch}}).ok()
			}, false},
			{"another question", says, true},
			{"a note", func() { w.note(w.stored(c.ID), "owner", "a note") }, true},
			{"a claim with its notice", func() { w.claim(w.stored(c.ID), "agent1") }, true},
			{"a takeover with an answer", func() {
				_, err := w.service.Desk.TakeOver(t.Context(), w.principal("senior"), desk.Request{Conversation: c.ID}, &hello, "")
				require.NoError(t, err)
			}, false},
			{"a third question", says, true},
			{"closing", func() { closeChat(w, w.stored(c.ID)) }, false},
			{"the question that opens it", says, true},
		} {
			step.do()
			require.Equal(t, step.want, waits(), step.name)
		}
	})
}

// A key that feeds one kind reaches nothing of another, by no name that it knows.
// B:Z2, B:N1
func TestOutsidersAFeederOfOneKindReachesNoOther(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		contact := contacts.NewContact{ExternalID: "vic", Name: "SECRET-NAME", Email: "secret@example.test", EmailVerified: true}
		out, err := w.service.Intake.CreateTicket(t.Context(), w.principal("website"), desk.NewConversation{
			Subject: "SECRET-SUBJECT", Contact: contact, ExternalID: "ticket-1", To: access.Owner{Team: w.team("support")},
		})
		require.NoError(t, err)
		made := w.as("owner").do(`mutation($p: [String!]) { createApiKey(input: {name: "Chats", role: "partner", permissions: $p}) { secret userErrors { code } } }`, vars{"p": []any{"reply:livechat:ALL", "close:livechat:ALL"}})
		secret, _ := made.at("createApiKey.secret").(string)
		key := &client{t: t, server: w.server, token: secret, space: w}
		before := w.stored(out.Conversation.ID)
		id := resolvers.ConversationID(before.ID)
		for _, op := range []string{
			`{ conversationByExternalId(externalId: "ticket-1") { id subject contact { name email } } }`,
			`mutation { startLivechat(input: {externalId: "ticket-1", message: "x", contact: {externalId: "vic"}}) { contactToken conversation { id subject contact { name email } } userErrors { code message } } }`,
			`mutation { startLivechat(input: {message: "x", contact: {externalId: "vic", name: "M"}}) { contactToken conversation { id contact { name email } } userErrors { code message } } }`,
			`mutation { startLivechat(input: {message: "x", contact: {email: "secret@example.test", emailVerified: true}}) { conversation { id contact { id knownName externalId } } userErrors { code message } } }`,
			`mutation { startLivechat(input: {message: "x", contact: {email: "secret@example.test"}}) { conversation { id contact { id knownName externalId } } userErrors { code message } } }`,
			`mutation { createTicket(input: {externalId: "ticket-1", subject: "x", contact: {externalId: "vic"}, to: {teamId: "` + w.global("team support") + `"}}) { conversation { id subject } userErrors { code message } } }`,
			`mutation { postMessage(input: {conversationExternalId: "ticket-1", author: {contact: true}, body: "x"}) { message { id } conversation { subject } userErrors { code message } } }`,
			`mutation { createContactToken(input: {conversationExternalId: "ticket-1"}) { contactToken userErrors { code message } } }`,
			`mutation { setConversationStatus(input: {conversationId: "` + id + `", status: CLOSED}) { conversation { subject } userErrors { code message } } }`,
		} {
			got := key.do(op, nil)
			require.NotContains(t, got.text, "VALIDATION_FAILED", op)
			for _, word := range []string{"SECRET", `"vic"`, `contactToken":"`, `email":"secret@`} {
				if strings.Contains(op, `externalId: "vic"`) && word == `"vic"` {
					continue
				}
				require.NotContains(t, got.text, word, op)
			}
		}
		require.Equal(t, before, w.stored(before.ID))
		after, err := w.store.Contacts(t.Context(), w.id, []inbox.ContactID{before.Contact})
		require.NoError(t, err)
		require.Equal(t, "SECRET-NAME", after[before.Contact].Name)
	})
}

// viewerChanges ends for whoever is removed, and begins for nobody who was. B:P1, B:Z4
func TestOutsidersViewerChangesEndWithTheRight(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		owner := w.as("owner")
		for who, op := range map[string]string{
			"agent2":  `mutation { removeMember(input: {id: "` + w.global("member agent2") + `"}) { userErrors { code } } }`,
			"ai":      `mutation { removeAiAgent(input: {id: "` + w.global("agent ai") + `"}) { userErrors { code } } }`,
			"partner": `mutation { revokeApiKey(input: {id: "` + w.global("key partner") + `"}) { userErrors { code } } }`,
		} {
			st := w.as(who).follow(`subscription { viewerChanges { permissions workspace { name } } }`, nil)
			st.item()
			done := owner.do(op, nil)
			require.NotContains(t, done.text, "errors\":[{", "%s: %s", who, done.text)
			require.NotEmpty(t, st.refused(), who)
		}
		c := w.start(desk.NewConversation{Agent: w.agent("ai2")})
		require.Equal(t, "PERMISSION_DENIED", w.contact(c).connect().subscribe(`subscription { viewerChanges { permissions } }`, nil).refused())
	})
}

// A saved view shows to each what they may see, whoever saved it and whatever became
// of them; what it names is no door. B:V1
func TestOutsidersSavedViewsAreNoDoor(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.Visibility = workspace.VisibleExclusive })
		hidden := w.start(desk.NewConversation{Agent: w.agent("ai"), Subject: "HIDDEN", Contact: contacts.NewContact{ExternalID: "h", Name: "Hidden Hans", Email: "hans@example.test"}})
		w.claim(hidden, "sales1")
		for name, filter := range map[string]object{
			"by address":  {"contactEmails": []any{"hans@example.test"}},
			"by search":   {"search": "hans"},
			"by contact":  {"contactIds": []any{resolvers.GlobalID("Contact", hidden.Contact)}},
			"by assignee": {"assigneeIds": []any{w.global("member sales1")}},
			"by star":     {"starred": true},
		} {
			made := w.as("owner").do(`mutation($n: String!, $f: InboxView!) { createSavedView(input: {name: $n, sharing: WORKSPACE, filter: $f}) { savedView { id } userErrors { code message } } }`, vars{"n": name, "f": filter})
			id := made.at("createSavedView.savedView.id")
			w.as("owner").do(`mutation($id: ID!) { starConversation(input: {conversationId: $id}) { userErrors { code } } }`, vars{"id": resolvers.ConversationID(hidden.ID)}).ok()
			require.Equal(t, number(1), w.as("owner").do(`query($v: InboxView) { conversations(view: $v) { totalCount } }`, vars{"v": object{"savedViewId": id}}).at("conversations.totalCount"), name)
			got := w.as("agent1").do(`query($v: InboxView) { conversations(view: $v) { totalCount nodes { id subject } } savedViews { nodes { filter { contactIds search } viewerCanChange } } }`, vars{"v": object{"savedViewId": id}})
			require.Equal(t, number(0), got.at("conversations.totalCount"), name)
			require.NotContains(t, got.text, "HIDDEN")
			require.NotContains(t, got.text, `"viewerCanChange":true`)
			w.as("agent1").followCounts(object{"savedViewId": id}).until(0)
			for _, who := range []string{"website", "partner", "ai"} {
				got := w.as(who).do(`query($v: InboxView) { conversations(view: $v) { totalCount } }`, vars{"v": object{"savedViewId": id}})
				require.Contains(t, []string{"NOT_FOUND", "PERMISSION_DENIED"}, got.code(), "%s: %s", who, got.text)
			}
			require.Equal(t, "NOT_FOUND", s.newSpace(t, "enterprise", nil).as("owner").do(`query($v: InboxView) { conversations(view: $v) { totalCount } }`, vars{"v": object{"savedViewId": id}}).code(), "from another workspace")
		}
		st := w.as("agent1").do(`mutation($id: ID!) { starConversation(input: {conversationId: $id}) { conversation { subject } userErrors { code } } }`, vars{"id": resolvers.ConversationID(hidden.ID)})
		require.NotContains(t, st.text, "HIDDEN")
	})
}

// A chain of conversations is followed by whoever may see it; history and node show
// nothing else of what is out of sight. B:V8b
func TestOutsidersSnapshotsShowNothingThatWasSaid(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.Visibility = workspace.VisibleExclusive })
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "SECRET-MESSAGE", Contact: contacts.NewContact{ExternalID: "h", Name: "SECRET-NAME", Email: "secret@example.test"}})
		w.claim(c, "agent1")
		w.pass(c.ID, access.Owner{Member: w.member("sales1")}, "SECRET-NOTE")
		w.claimed(c.ID, "sales1")
		page, err := w.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 10})
		require.NoError(t, err)
		for _, e := range page.Items {
			for _, who := range []string{"agent1", "agent2", "observer"} {
				got := w.as(who).do(`query($id: ID!) { node(id: $id) { ... on AssignmentEvent { kind reason note snapshot { revision assignee { name } } conversation { lastMessage { body } contact { email phone attributes { key } } awaitingReplySince } } } }`, vars{"id": resolvers.GlobalID("AssignmentEvent", e.ID)})
				for _, word := range []string{"SECRET-MESSAGE", "SECRET-NOTE", "secret@"} {
					if who != "observer" {
						require.NotContains(t, got.text, word, "%s: %s", who, got.text)
					}
				}
			}
		}
		told := w.as("agent1").do(`{ notifications(first: 20) { nodes { kind snapshot { revision lastActivityAt } event { note snapshot { status } } conversation { lastMessage { body } contact { email } awaitingReplySince viewerHasStarred } } } }`, nil)
		for _, word := range []string{"SECRET-MESSAGE", "secret@"} {
			require.NotContains(t, told.text, word)
		}
	})
}

// claimed sees to it that the conversation is a member's.
func (w *space) claimed(id inbox.ConversationID, key string) {
	w.t.Helper()
	require.Equal(w.t, w.member(key), w.stored(id).Assignee)
}

// Who is made OFFLINE by somebody stays so after coming back, whatever the member
// was before. B:P1
func TestOutsidersWhoIsSetOfflineStaysSo(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, by := range []string{"owner", "agent1"} {
			w := s.newSpace(t, "enterprise", nil)
			w.editMember("agent1", func(m *workspace.Member) {
				m.Availability = workspace.Offline
				m.Turned = workspace.AvailabilityChange{From: workspace.Online, Why: workspace.ConnectionLost, By: workspace.System(), At: w.now().UTC().Truncate(time.Millisecond)}
			})
			w.settle()
			set, err := w.service.Admin.SetAvailability(t.Context(), w.principal(by), workspace.Offline, w.member("agent1"), "")
			require.NoError(t, err)
			d, err := w.store.Directory(t.Context(), w.id)
			require.NoError(t, err)
			require.Equal(t, d.Members[w.member("agent1")], set, "the answer is what is stored")
			require.NoError(t, w.service.Presence.ReturnPresence(t.Context(), w.id, w.member("agent1"), false))
			d, err = w.store.Directory(t.Context(), w.id)
			require.NoError(t, err)
			require.Equal(t, workspace.Offline, d.Members[w.member("agent1")].Availability, by)
			require.Equal(t, workspace.AvailabilitySet, d.Members[w.member("agent1")].Turned.Why, by)
		}
	})
}

// Past the window no door leads a contact back into the closed conversation. B:C3, B:C4
func TestOutsidersNoDoorOpensWhatTheWindowLeftClosed(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.ReopenWindow = time.Hour })
		c := w.owned("agent1")
		closeChat(w, c)
		s.ahead.Add(int64(2 * time.Hour))
		in := vars{"in": object{"conversationId": resolvers.ConversationID(c.ID), "status": "OPEN"}}
		status := `mutation($in: SetStatusInput!) { payload: setConversationStatus(input: $in) { conversation { status } userErrors { code } } }`
		got := w.contact(w.stored(c.ID)).do(status, in)
		require.Equal(t, []string{"CONVERSATION_CLOSED"}, column(t, got.at("payload.userErrors"), "code"), got.text)
		require.Equal(t, inbox.Closed, w.stored(c.ID).Status)
		for _, field := range []string{"sendMessage", "reopenAndReply", "startNewConversation"} {
			got := w.contact(w.stored(c.ID)).do(`mutation($id: ID!) { payload: `+field+`(input: {conversationId: $id, body: "Hello"}) { contactToken conversation { id } userErrors { code } } }`, vars{"id": resolvers.ConversationID(c.ID)})
			require.NotEqual(t, resolvers.ConversationID(c.ID), got.at("payload.conversation.id"), field)
			require.NotNil(t, got.at("payload.contactToken"), field)
		}
		require.Equal(t, inbox.Closed, w.stored(c.ID).Status)
		require.Equal(t, "OPEN", w.as("owner").do(setStatus, in).at("payload.conversation.status"), "a member may")
	})
}

// What was given with what exists is kept, or said to be dropped. B:N1
func TestOutsidersNothingGivenIsDroppedSilently(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		website := w.as("website")
		start := func(more object) []string {
			in := object{"externalId": "e", "contact": object{"externalId": "x"}, "subject": "First", "channel": "web", "aiAgentId": w.global("agent ai")}
			for k, v := range more {
				in[k] = v
			}
			got := website.do(`mutation($input: StartLivechatInput!) { payload: startLivechat(input: $input) { conversation { id } warnings { code } userErrors { code } } }`, vars{"input": in})
			require.Empty(t, got.at("payload.userErrors"))
			return column(t, got.at("payload.warnings"), "code")
		}
		require.Empty(t, start(nil))
		require.Empty(t, start(nil), "a repeat")
		require.Empty(t, start(object{"subject": nil, "channel": nil, "aiAgentId": nil}), "nothing more was given")
		for field, other := range map[string]any{"subject": "Second", "channel": "whatsapp", "aiAgentId": w.global("agent ai2")} {
			require.Equal(t, []string{"ALREADY_EXISTS"}, start(object{field: other}), field)
		}
	})
}

// What a key may view of one kind shows it nothing of what it only feeds of another:
// neither where notes are, nor whether the contact was answered. B:Z2, B:V8a
func TestOutsidersAMixedKeyCountsNoNotes(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), ExternalID: "chat", Message: "one"})
		w.note(c, "owner", "a note")
		made := w.as("owner").do(`mutation($p: [String!]) { createApiKey(input: {name: "Mixed", role: "partner", permissions: $p}) { apiKey { id } secret userErrors { code } } }`, vars{"p": []any{"view:ticket:ALL", "reply:livechat:ALL"}})
		secret, _ := made.at("createApiKey.secret").(string)
		given := w.as("owner").do(`mutation($from: ID, $to: ID!) { payload: handOverConversations(input: {fromApiKeyId: $from, toApiKeyId: $to}) { userErrors { code message } } }`, vars{"from": w.global("key website"), "to": made.at("createApiKey.apiKey.id")})
		require.Empty(t, given.at("payload.userErrors"))
		key := &client{t: t, server: w.server, token: secret, space: w}
		sent := key.do(postIt, vars{"in": object{"conversationExternalId": "chat", "author": object{"contact": true}, "body": "two"}})
		require.Empty(t, sent.at("payload.userErrors"))
		require.Equal(t, number(2), sent.at("payload.message.sequence"), sent.text)
		got := key.do(`{ conversationByExternalId(externalId: "chat") { status awaitingReplySince lastMessage { body } } }`, nil)
		require.Equal(t, object{"status": "OPEN", "awaitingReplySince": nil, "lastMessage": nil}, got.at("conversationByExternalId"))
	})
}

// What was known of an erased contact is in none of the documents of its
// conversations, whoever wrote meanwhile. B:N3
func TestOutsidersAnErasureMeetsWriters(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.ReopenWindow = time.Hour })
		contact := contacts.NewContact{ExternalID: "x", Name: "Secretname", Email: "secret@example.test", Phone: "+4930999999"}
		var all []inbox.Conversation
		for range 4 {
			all = append(all, w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "Hi", Contact: contact}))
		}
		var writers sync.WaitGroup
		for _, c := range all {
			writers.Go(func() {
				for range 4 {
					_, _ = w.service.Desk.Claim(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
					_, _ = w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: "Hello"})
					_, _ = w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, inbox.Closed)
					_, _ = w.service.Messages.StartNew(t.Context(), w.principal("owner"), c.ID, "Anew", "")
					_, _ = w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, inbox.Open)
				}
			})
		}
		_, err := w.service.Contacts.EraseContact(t.Context(), w.principal("manager"), all[0].Contact, "")
		writers.Wait()
		if err != nil { // too busy: once more, as its message says
			_, err = w.service.Contacts.EraseContact(t.Context(), w.principal("manager"), all[0].Contact, "")
		}
		require.NoError(t, err)
		require.NoError(t, w.service.Offboarding.Run(t.Context()))
		found := w.as("owner").do(`query($a: InboxView, $b: InboxView) { a: conversations(view: $a) { totalCount } b: conversations(view: $b) { totalCount } }`,
			vars{"a": object{"contactEmails": []any{"secret@example.test"}}, "b": object{"search": "secretname"}})
		require.Equal(t, number(0), found.at("a.totalCount"))
		require.Equal(t, number(0), found.at("b.totalCount"))
		page, err := w.store.ListConversations(t.Context(), access.ConversationQuery{
			Workspace: w.id, View: access.View{List: access.ListAll}, Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: 100},
			Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll}},
		})
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(page.Items), len(all))
		for _, c := range page.Items {
			require.Empty(t, c.ContactName+c.ContactEmail+c.ContactPhone)
			history, err := w.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 100})
			require.NoError(t, err)
			for _, e := range history.Items {
				require.Empty(t, e.After.ContactName+e.After.ContactEmail+e.After.ContactPhone, e.Kind)
				require.Nil(t, e.WasContact)
			}
		}
	})
}

// What was up for grabs is so no longer once the AI agent has it again, and whoever
// lost it that way is told. B:C7, B:K3, B:N1
func TestOutsidersAReturnTakesNoticesBack(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		claimable := func() (n int) {
			nodes, _ := w.as("agent2").do(`{ notifications(first: 50) { nodes { kind claimable read } } }`, nil).at("notifications.nodes").([]any)
			for _, one := range nodes {
				if dig(t, one, "claimable") == true {
					n++
				}
			}
			return n
		}
		c := w.owned("agent1")
		_, err := w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
		require.NoError(t, err)
		require.Equal(t, 1, claimable())
		_, err = w.service.Desk.ReturnToAgent(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, "")
		require.NoError(t, err)
		require.Zero(t, claimable())
		d := w.owned("agent1")
		_, err = w.service.Desk.ReturnToAgent(t.Context(), w.principal("manager"), desk.Request{Conversation: d.ID}, "")
		require.NoError(t, err)
		told := w.as("agent1").do(`{ notifications(first: 1) { nodes { kind conversation { id } } } }`, nil)
		require.Contains(t, told.text, resolvers.ConversationID(d.ID), told.text)
		t.Log(told.text)
	})
}

// Opening by a status and by words leads to the same owner, and the contact hears of
// a person before that person speaks. B:C3, B:C4, B:L2
func TestOutsidersEveryDoorReopensAlike(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, rule := range []workspace.OnReopen{workspace.ReopenWithOriginAI, workspace.ReopenWithFormerOwner, workspace.ReopenByRoute} {
			for _, on := range []workspace.OnCloseChat{workspace.ReturnToOriginAI, workspace.KeepAssignee, workspace.UnassignWhenClose} {
				w := s.newSpace(t, "enterprise", func(d *workspace.Directory) {
					d.Workspace.Rules.OnReopen, d.Workspace.Rules.OnCloseChat = rule, on
					d.Workspace.Rules.Method = workspace.Voluntary
				})
				outcomes := map[string]string{}
				for name, open := range map[string]func(c inbox.Conversation){
					"status": func(c inbox.Conversation) {
						_, err := w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, inbox.Open)
						require.NoError(t, err)
					},
					"contact's status": func(c inbox.Conversation) {
						_, err := w.service.Desk.SetStatus(t.Context(), contactOf(w.stored(c.ID)), desk.Request{Conversation: c.ID}, inbox.Open)
						require.NoError(t, err)
					},
					"contact's words": func(c inbox.Conversation) {
						_, err := w.service.Messages.Send(t.Context(), contactOf(w.stored(c.ID)), desk.SendRequest{Conversation: c.ID, Body: "Again"})
						require.NoError(t, err)
					},
					"key's words": func(c inbox.Conversation) {
						_, err := w.service.Messages.Post(t.Context(), w.principal("website"), desk.Posting{Conversation: desk.ConversationRef{ID: c.ID}, Body: "Again"})
						require.NoError(t, err)
					},
					"owner's reply": func(c inbox.Conversation) {
						_, err := w.service.Messages.ReopenAndReply(t.Context(), w.principal("owner"), desk.SendRequest{Conversation: c.ID, Body: "Again"})
						require.NoError(t, err)
					},
				} {
					c := w.owned("agent1")
					closeChat(w, c)
					open(c)
					now := w.stored(c.ID)
					outcomes[name] = string(now.Status) + " " + string(now.Handler()) + " " + strings.TrimPrefix(string(now.Assignee), string(w.id))
				}
				for name, got := range outcomes {
					require.Equal(t, outcomes["status"], got, "%s, %s: %s of %v", rule, on, name, outcomes)
				}
			}
		}
	})
}
