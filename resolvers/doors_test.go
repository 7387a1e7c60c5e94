package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// secrets are what is said and noted behind the back of who lost access, and
// what only those may know of a contact who see its conversation.
func secrets() []string {
	return []string{"SECRET-WORDS", "SECRET-NOTE", "SECRET-REASON", "SECRET-AFTER", "secret@example.test", "SECRET-EXTERNAL"}
}

// keeper is somebody who had a conversation, and everything that was kept of it
// meanwhile: ids, cursors, idempotency keys.
type keeper struct {
	*space
	conversation                    inbox.Conversation
	events, messages, notifications []string
	cursor                          string // of all live streams
	claimed, sent, away             object // inputs that were done with a key
	marker                          inbox.Conversation
	// gone says that agent1 cannot even sign in; reads leaves out mutations.
	gone, reads bool

	contactID, conversationID, offerID string
}

// keeps gives agent1 a conversation and lets a good deal happen to it.
func keeps(t *testing.T, s *server) *keeper {
	t.Helper()
	w := s.newSpace(t, "enterprise", withTicketReader)
	k := &keeper{space: w, marker: w.ticket("agent1")}
	c := w.start(desk.NewConversation{
		Agent: w.agent("ai"), Message: "Hello", Subject: "A parcel", ExternalID: "case-1",
		Contact: contacts.NewContact{Name: "Vera Visitor", Email: "secret@example.test", ExternalID: "SECRET-EXTERNAL"},
	})
	k.conversation, k.conversationID, k.contactID = c, resolvers.ConversationID(c.ID), resolvers.GlobalID("Contact", c.Contact)
	w.settle()
	k.cursor, _ = w.as("agent1").do(`{ conversations { liveCursor } }`, nil).at("conversations.liveCursor").(string)
	k.claimed = object{"conversationId": k.conversationID, "idempotencyKey": "k-claim"}
	w.as("agent1").act("claimConversation", k.claimed)
	k.sent = object{"conversationId": k.conversationID, "body": "I am here", "idempotencyKey": "k-send"}
	w.as("agent1").act("sendMessage", k.sent)
	k.away = object{"conversationId": k.conversationID, "to": object{"memberId": w.global("member agent2")}, "note": "yours", "idempotencyKey": "k-away"}
	w.as("agent1").act("transferConversation", k.away)
	k.offerID = w.offerOf(c.ID, "agent2", access.Owner{Member: w.member("agent1")})
	w.as("agent2").act("transferConversation", object{"conversationId": k.conversationID, "to": object{"memberId": w.global("member agent1")}})
	w.say(c, "Are you still there?")
	w.as("agent1").act("starConversation", object{"conversationId": k.conversationID})
	k.collect()
	return k
}

func withTicketReader(d *workspace.Directory) {
	d.Workspace.CustomRoles = []workspace.CustomRole{{Name: "tickets", Permissions: []workspace.Permission{
		{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll}, {Kind: workspace.Ticket, Action: workspace.PermReply, Scope: workspace.ScopeAll},
	}}}
}

// say writes a message of the contact.
func (w *space) say(c inbox.Conversation, body string) {
	w.t.Helper()
	_, err := w.service.Messages.Send(w.t.Context(), contactOf(c), desk.SendRequest{Conversation: c.ID, Body: body})
	require.NoError(w.t, err)
}

// note writes a note that contacts do not see.
func (w *space) note(c inbox.Conversation, who, body string) {
	w.t.Helper()
	_, err := w.service.Messages.Send(w.t.Context(), w.principal(who), desk.SendRequest{Conversation: c.ID, Body: body, Internal: true})
	require.NoError(w.t, err)
}

// collect keeps the ids of all that there is.
func (k *keeper) collect() {
	k.t.Helper()
	a := k.as("agent1").do(`query($id: ID!) { conversation(id: $id) { messages { nodes { id } } history { nodes { id } } } notifications { nodes { id } } }`, vars{"id": k.conversationID})
	k.messages = column(k.t, a.at("conversation.messages.nodes"), "id")
	k.events = column(k.t, a.at("conversation.history.nodes"), "id")
	k.notifications = column(k.t, a.at("notifications.nodes"), "id")
}

// losses are the ways in which agent1 loses the conversation out of sight.
func losses() map[string]func(k *keeper) {
	r := func(k *keeper) desk.Request { return desk.Request{Conversation: k.conversation.ID} }
	away := func(k *keeper, who string) {
		_, err := k.service.Desk.TakeOver(k.t.Context(), k.principal(who), r(k), nil, "SECRET-REASON")
		require.NoError(k.t, err)
	}
	return map[string]func(k *keeper){
		"it is taken over out of sight": func(k *keeper) { away(k, "admin") },
		"it is given to another team": func(k *keeper) {
			k.pass(k.conversation.ID, access.Owner{Member: k.member("sales1")}, "")
		},
		"owners hide what they own": func(k *keeper) {
			k.editWorkspace(func(ws *workspace.Workspace) { ws.Rules.Visibility = workspace.VisibleExclusive })
			k.settle()
			k.pass(k.conversation.ID, access.Owner{Member: k.member("agent2")}, "")
		},
		"the role is taken": func(k *keeper) {
			k.editMember("agent1", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"tickets"} })
			away(k, "admin")
		},
		"the team is left": func(k *keeper) {
			away(k, "senior")
			k.editMember("agent1", func(m *workspace.Member) { m.Teams = nil })
		},
		"the member is removed": func(k *keeper) {
			k.gone = true
			k.editMember("agent1", func(m *workspace.Member) { m.Removed = true })
			away(k, "admin")
		},
	}
}

// lose takes the conversation from agent1, and goes on behind agent1's back.
func (k *keeper) lose(how func(*keeper)) {
	k.t.Helper()
	how(k)
	k.settle()
	c := k.stored(k.conversation.ID)
	k.say(c, "SECRET-WORDS")
	k.note(c, "owner", "SECRET-AFTER")
	next := k.member("admin")
	if c.Assignee == next {
		next = k.member("sales1")
	}
	k.pass(c.ID, access.Owner{Member: next}, "SECRET-NOTE")
	_, err := k.service.Desk.SetStatus(k.t.Context(), k.principal("owner"), desk.Request{Conversation: k.marker.ID}, inbox.Unset) // ends what is missed
	require.NoError(k.t, err)
	k.settle()
}

// keys are the arguments with which each root field is asked for what was lost.
// nil is for one that says nothing of a conversation to whoever may see none.
func (k *keeper) keys(root *ast.FieldDefinition) ([]vars, bool) {
	id := k.conversationID
	ids := append([]string{id, k.contactID}, append(append(append(k.events, k.messages...), k.notifications...), k.offerID)...)
	input := func(in object) []vars {
		in["conversationId"] = id
		again := object{}
		for key, value := range in {
			again[key] = value
		}
		again["expectedVersion"] = 2
		if root.Arguments.ForName("input").Type.Name() == "SendMessageInput" || in["body"] != nil {
			return []vars{{"input": in}}
		}
		return []vars{{"input": in}, {"input": again}}
	}
	each := func(name string, ids ...string) (out []vars) {
		for _, one := range ids {
			out = append(out, vars{name: one})
		}
		return out
	}
	to := object{"memberId": k.global("member agent2")}
	table := map[string]func() []vars{
		"node":         func() []vars { return each("id", ids...) },
		"nodes":        func() []vars { return []vars{{"ids": ids}} },
		"conversation": func() []vars { return each("id", id) },
		"conversations": func() []vars {
			return []vars{{}, {"view": object{"contactIds": []string{k.contactID}}}, {"view": object{"search": "parcel"}}, {"view": object{"starred": true}},
				{"view": object{"contactEmails": []string{"secret@example.test"}}}, {"view": object{"formerAssigneeIds": []string{k.global("member agent1")}}}}
		},
		"conversationByExternalId": func() []vars { return []vars{{"externalId": "case-1"}} },
		"offers":                   func() []vars { return []vars{{"side": "RECEIVED"}, {"side": "SENT"}} },
		"acceptOffer":              func() []vars { return []vars{{"input": object{"offerId": k.offerID}}} },
		"declineOffer":             func() []vars { return []vars{{"input": object{"offerId": k.offerID}}} },
		"withdrawOffer":            func() []vars { return []vars{{"input": object{"offerId": k.offerID}}} },
		"notifications":            func() []vars { return []vars{{}, {"unreadOnly": true}} },
		"assignableMembers":        func() []vars { return []vars{{"conversationId": id}} },
		"eventLog": func() []vars {
			all := object{"includeInternal": true}
			if root.Type.Name() == "LoggedEvent" {
				return []vars{{"after": k.cursor, "filter": all}, {"from": object{"sequence": "1"}, "filter": all}}
			}
			return []vars{{"from": object{"eventId": k.events[0]}, "first": 100, "filter": all}, {"last": 100, "filter": all}}
		},
		"viewer":   func() []vars { return []vars{{}} },
		"auditLog": func() []vars { return []vars{{}} },
		"webhooks": func() []vars { return []vars{{}} },
		"apiKeys":  func() []vars { return []vars{{}} },
		"actOnConversations": func() []vars {
			one := chosen(id)
			return []vars{
				{"input": object{"selection": one, "verb": object{"unassign": true}}}, {"input": object{"selection": one, "verb": object{"assign": to}, "dryRun": true}},
				{"input": object{"selection": object{"view": object{}}, "verb": object{"transfer": to}, "dryRun": true}},
			}
		},
		"assignConversation":    func() []vars { return input(object{"to": to}) },
		"claimConversation":     func() []vars { return append(input(object{}), vars{"input": k.claimed}) },
		"unassignConversation":  func() []vars { return input(object{}) },
		"transferConversation":  func() []vars { return append(input(object{"to": to}), vars{"input": k.away}) },
		"takeOverConversation":  func() []vars { return input(object{}) },
		"leaveConversation":     func() []vars { return input(object{}) },
		"requestHandoff":        func() []vars { return input(object{"to": object{"anyone": true}}) },
		"returnToAgent":         func() []vars { return input(object{}) },
		"snoozeConversation":    func() []vars { return input(object{"until": object{"contactWrites": true}}) },
		"wakeConversation":      func() []vars { return input(object{}) },
		"setConversationStatus": func() []vars { return input(object{"status": "CLOSED"}) },
		"sendMessage":           func() []vars { return append(input(object{"body": "Hello?"}), vars{"input": k.sent}) },
		"showAttention":         func() []vars { return []vars{{"input": object{"conversationId": id, "kind": "TYPING"}}} },
		"reopenAndReply":        func() []vars { return input(object{"body": "Hello?"}) },
		"startNewConversation":  func() []vars { return input(object{"body": "Hello?"}) },
		"undoOwnershipChange": func() (out []vars) {
			for _, e := range k.events {
				out = append(out, vars{"input": object{"eventId": e}})
			}
			return out
		},
		"postMessage": func() []vars {
			return []vars{{"input": object{"conversationId": id, "author": object{"contact": true}, "body": "Hello?"}}}
		},
		"contacts": func() []vars { return []vars{{}, {"search": "vera"}, {"search": "secret@example.test"}} },
		"updateContact": func() []vars {
			return []vars{{"input": object{"contactId": k.contactID}}, {"input": object{"contactId": k.contactID, "name": "Mine"}}}
		},
		"mergeContacts": func() []vars {
			other := resolvers.GlobalID("Contact", k.marker.Contact)
			return []vars{{"input": object{"contactId": k.contactID, "mergeId": other}}, {"input": object{"contactId": other, "mergeId": k.contactID}}}
		},
		"eraseContact":        func() []vars { return []vars{{"input": object{"contactId": k.contactID}}} },
		"markDelivered":       func() []vars { return receiptsOf(k.messages) },
		"markRead":            func() []vars { return receiptsOf(k.messages) },
		"revokeContactTokens": func() []vars { return []vars{{"input": object{"conversationId": id}}} },
		"createContactToken":  func() []vars { return []vars{{"input": object{"conversationId": id}}} },
		"assignmentEvents":    func() []vars { return []vars{{"after": k.cursor}} },
		"inboxChanges":        func() []vars { return []vars{{"view": object{}, "after": k.cursor}} },
		"starConversation": func() []vars {
			return []vars{{"input": object{"conversationId": id}}, {"input": object{"conversationId": id, "starred": false}}}
		},
		"savedViews": func() []vars { return []vars{{}} },
		"createSavedView": func() []vars {
			return []vars{{"input": object{"name": "Mine", "filter": object{"contactIds": []string{k.contactID}}}}}
		},
		"updateSavedView": func() []vars {
			return []vars{{"input": object{"id": k.savedView(), "filter": object{"contactIds": []string{k.contactID}}}}}
		},
		"deleteSavedView":     func() []vars { return []vars{{"input": object{"id": k.savedView()}}} },
		"conversationUpdates": func() []vars { return []vars{{"id": id, "after": k.cursor}} },
	}
	if root.Name == "notifications" && root.Type.Name() == "Notification" {
		return nil, true // a stream of what comes: TestTheNoteThatTakesAwayIsForThoseWhoHaveIt
	}
	if own, ok := table[root.Name]; ok {
		return own(), true
	}
	return nil, elsewhere(root.Name)
}

// receiptsOf are the arguments for marking each message.
func receiptsOf(messages []string) (out []vars) {
	for _, id := range messages {
		out = append(out, vars{"input": object{"messageId": id}})
	}
	return out
}

// elsewhere are the root fields that are about no conversation which exists, or
// that no argument leads to one from, each with why.
func elsewhere(name string) bool {
	reasons := map[string]string{
		"createTicket": "makes a new one", "startLivechat": "makes a new one", "markNotificationsRead": "answers with a count",
		"setAvailability": "about a member", "viewerChanges": "about the caller", "attention": "who is there now: TestLostConversationsShowNobody",
	}
	_, named := reasons[name]
	return named || strings.HasSuffix(name, "Team") || strings.HasSuffix(name, "Member") || strings.HasSuffix(name, "AiAgent") ||
		strings.HasSuffix(name, "Role") || strings.Contains(name, "ApiKey") || name == "handOverConversations" || strings.Contains(name, "Webhook") || name == "resetSandbox" || strings.HasSuffix(name, "ReasonCode") || name == "setPlan" || name == "updateWorkspaceRules"
}

// operation asks for a door.
func (d door) operation(kind ast.Operation, v vars) string {
	var declared, given []string
	for _, arg := range d.root.Arguments {
		if _, ok := v[arg.Name]; ok {
			declared = append(declared, "$"+arg.Name+": "+arg.Type.String())
			given = append(given, arg.Name+": $"+arg.Name)
		}
	}
	return fmt.Sprintf("%s%s { payload: %s%s %s }", kind, list(declared), d.root.Name, list(given), d.selection)
}

// ask gives all that the door says, as text and as objects.
func (k *keeper) ask(who string, kind ast.Operation, d door, v vars) (text string, said []any) {
	k.t.Helper()
	if kind != ast.Subscription {
		a := k.as(who).do(d.operation(kind, v), v)
		return a.text, []any{a.Data}
	}
	return k.hear(who, d, v)
}

// Whoever lost access asks at every door of the schema for what was said since,
// and hears none of it. B:Z4, B:K1
func TestWalkWhatWasLostIsClosedAtEveryDoor(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	w := newWalker(schema)
	onEngines(t, func(t *testing.T, s *server) {
		for name, how := range losses() {
			whole := name == "it is taken over out of sight" || name == "the role is taken"
			if s.overWire() && !whole {
				continue // what is shown is decided above the store
			}
			t.Run(name, func(t *testing.T) {
				k := keeps(t, s)
				k.reads = !whole // refusals of mutations are the same in each loss
				k.lose(how)
				k.everyDoor(t, w, "agent1", 0, func(d door, v vars, text string, _ []any) {
					for _, secret := range secrets() {
						require.NotContains(t, text, secret, "%s with %v", d.path, v)
					}
				})
			})
		}
	})
}

// Whoever may see a conversation finds it as it is now at every door: an object
// with a global id is never an older state. B:V8b
func TestWalkEveryDoorShowsWhatIsSoNow(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	w := newWalker(schema)
	onEngines(t, func(t *testing.T, s *server) {
		k := keeps(t, s)
		k.lose(losses()["it is taken over out of sight"])
		k.editMember("agent1", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"manager"} })
		k.settle()
		leaves := w.leaves(schema.Types["Conversation"])
		fresh := k.as("agent1").do(`query($id: ID!) { conversation(id: $id) { `+leaves+` } }`, vars{"id": k.conversationID}).at("conversation")
		found := 0
		k.everyDoor(t, w, "agent1", 1, func(d door, v vars, text string, said []any) {
			for _, o := range objectsOf(said, "Conversation") {
				if o["id"] == k.conversationID {
					found++
					require.Equal(t, fresh, any(o), "%s with %v", d.path, v)
				}
			}
		})
		require.Greater(t, found, 50)
	})
}

func (k *keeper) everyDoor(t *testing.T, w *walker, who string, again int, look func(d door, v vars, text string, said []any)) {
	t.Helper()
	k.t = t
	asked, first := map[string]int{}, map[string]bool{}
	for kind, root := range map[ast.Operation]*ast.Definition{ast.Query: w.schema.Query, ast.Mutation: w.schema.Mutation, ast.Subscription: w.schema.Subscription} {
		if kind == ast.Mutation && (k.reads || again > 0) {
			continue // with again they would be done
		}
		for _, d := range w.doors(root, again) {
			if k.gone && first[string(kind)+d.root.Name] {
				continue // it does not get as far as the field
			}
			first[string(kind)+d.root.Name] = true
			all, known := k.keys(d.root)
			require.True(t, known, "%s leads to %s: say in keys how to ask it for what was lost", d.root.Name, d.path)
			if k.gone {
				all = all[:min(1, len(all))]
			}
			for _, v := range all {
				text, said := k.ask(who, kind, d, v)
				look(d, v, text, said)
				asked[string(kind)]++
			}
		}
	}
	t.Logf("asked at %v doors", asked)
}

// objectsOf finds the objects of a type, however deep.
func objectsOf(v any, typeName string) (out []object) {
	switch v := v.(type) {
	case object:
		if v["__typename"] == typeName {
			out = append(out, v)
		}
		for _, below := range v {
			out = append(out, objectsOf(below, typeName)...)
		}
	case []any:
		for _, below := range v {
			out = append(out, objectsOf(below, typeName)...)
		}
	}
	return out
}

// last says what a stream is asked for beside the door, and how the item is
// known behind which nothing was missed.
func (k *keeper) last(root string) (selection string, is func(item object) bool) {
	marker, version := resolvers.ConversationID(k.marker.ID), number(k.stored(k.conversation.ID).Version)
	switch root {
	case "assignmentEvents":
		return "last: node { conversation { id } }", func(item object) bool { return dig(k.t, item, "last.conversation.id") == marker }
	case "eventLog":
		done := number(k.stored(k.marker.ID).Version)
		return "last: event { version conversation { id } }", func(item object) bool {
			e, _ := item["last"].(object)
			return e != nil && e["version"] == done && dig(k.t, e, "conversation.id") == marker
		}
	case "inboxChanges":
		return "last: conversationId missed: gap", func(item object) bool { return item["last"] == marker || item["missed"] == true }
	}
	return "last: event { version }", func(item object) bool {
		e, _ := item["last"].(object)
		return e["version"] == version
	}
}

// hear reads what a stream says until nothing more was missed, or it ends.
func (k *keeper) hear(who string, d door, v vars) (text string, said []any) {
	k.t.Helper()
	selection, last := k.last(d.root.Name)
	d.selection = "{ " + selection + strings.TrimPrefix(d.selection, "{")
	c := k.as(who)
	s := c.dial(k.t)
	defer s.conn.CloseNow()
	s.send(wireMessage{Type: "connection_init", Payload: payload(k.t, object{"Authorization": "Bearer " + c.token})})
	if m, err := s.receive(); err != nil || m.Type != "connection_ack" {
		return "", nil
	}
	st := s.subscribe(d.operation(ast.Subscription, v), v)
	for {
		m := st.message()
		text += string(m.Payload)
		if m.Type != "next" {
			return text, said
		}
		a := parse(k.t, 0, m.Payload)
		said = append(said, a.Data)
		if item, ok := a.Data["payload"].(object); ok && last(item) {
			return text, said
		}
	}
}

// What takes a conversation out of sight is told to whom it is taken from, by
// each stream, without the words that travel with it. B:K1
func TestTheNoteThatTakesAwayIsForThoseWhoHaveIt(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.TransferActor = workspace.TransferByManagers })
		c := w.owned("agent1")
		event := `{ kind note reason conversation { id lastMessage { body } contact { name email externalId } } to { assignee { name } } }`
		follow := map[string]string{
			"assignmentEvents":    `subscription { assignmentEvents { node ` + event + ` } }`,
			"conversationUpdates": `subscription { conversationUpdates(id: "` + resolvers.ConversationID(c.ID) + `") { accessLost event ` + event + ` } }`,
			"notifications":       `subscription { notifications { kind event ` + event + ` } }`,
			"inboxChanges":        `subscription { inboxChanges(view: {}) { change reason conversation { id } } }`,
		}
		streams := map[string]*stream{}
		for name, query := range follow {
			streams[name] = w.as("agent1").follow(query, nil)
		}
		with := w.as("owner").follow(follow["assignmentEvents"], nil)
		_, err := w.service.Desk.Assign(t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, access.Owner{Member: w.member("sales1")}, "SECRET-NOTE")
		require.NoError(t, err)
		require.Equal(t, "SECRET-NOTE", dig(t, with.item(), "node.note"))
		for name, st := range streams {
			m := st.message()
			require.Equal(t, "next", m.Type, name)
			require.NotContains(t, string(m.Payload), "SECRET-NOTE", name)
			require.NotContains(t, string(m.Payload), "vera@example.test", name)
			require.Contains(t, string(m.Payload), map[bool]string{true: "NO_LONGER_PERMITTED", false: "Chiara Rossi"}[name == "inboxChanges"], name)
		}
	})
}
