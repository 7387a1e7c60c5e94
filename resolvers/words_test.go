package resolvers_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// wordBook is a budget that remembers what was asked of it, and has nothing left
// while it is empty.
type wordBook struct {
	mu    sync.Mutex
	empty bool
	asked []desk.MessageUsage
}

var _ desk.MessageQuota = (*wordBook)(nil)

// Spend notes.
func (b *wordBook) Spend(w desk.MessageUsage) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, w)
	if b.empty {
		return desk.TooFast("This is too much. Try again in 3 s.", 2500*time.Millisecond)
	}
	return nil
}

// while runs what with an empty budget, and gives what was asked of it.
func (b *wordBook) while(what func()) []desk.MessageUsage {
	b.mu.Lock()
	b.empty, b.asked = true, nil
	b.mu.Unlock()
	what()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.empty = false
	return b.asked
}

// wordDoor is a mutation by which somebody writes in a chat.
type wordDoor struct {
	closed bool // the chat
	by     string
	query  string
	input  func(w *space, c inbox.Conversation) object
	want   desk.MessageUsage // but for the workspace, the contact and who it is
	free   bool              // the budget is not asked
}

func doors() map[string]wordDoor {
	about := func(w *space, c inbox.Conversation) object {
		return object{"conversationId": resolvers.ConversationID(c.ID), "body": "Hello"}
	}
	mutation := func(name, input string) string {
		return `mutation($input: ` + input + `!) { ` + name + `(input: $input) { userErrors { code message } } }`
	}
	begun := func(w *space, _ inbox.Conversation) object {
		return object{"contact": object{"name": "Vera", "externalId": "v1"}, "message": "Hello", "aiAgentId": w.global("agent ai")}
	}
	return map[string]wordDoor{
		"sendMessage":          {by: "contact", query: mutation("sendMessage", "SendMessageInput"), input: about, want: desk.MessageUsage{Bytes: 5}},
		"reopenAndReply":       {by: "contact", closed: true, query: mutation("reopenAndReply", "SendMessageInput"), input: about, want: desk.MessageUsage{Bytes: 5}},
		"startNewConversation": {by: "contact", closed: true, query: mutation("startNewConversation", "StartNewInput"), input: about, want: desk.MessageUsage{Bytes: 5, Begins: true}},
		"postMessage": {by: "website", query: mutation("postMessage", "PostMessageInput"), want: desk.MessageUsage{Bytes: 5},
			input: func(_ *space, c inbox.Conversation) object { return asContact(c, "Hello", "m1") }},
		"postMessage of an agent": {by: "website", query: mutation("postMessage", "PostMessageInput"), free: true,
			input: func(w *space, c inbox.Conversation) object { return w.asAgent(c, "Hello", c.Epoch) }},
		"startLivechat by a key":    {by: "website", query: mutation("startLivechat", "StartLivechatInput"), input: begun, want: desk.MessageUsage{Bytes: 5, Begins: true, ExternalID: "v1"}},
		"startLivechat by an agent": {by: "ai", query: mutation("startLivechat", "StartLivechatInput"), input: begun, want: desk.MessageUsage{Bytes: 5, Begins: true, ExternalID: "v1"}},
		"startLivechat by a member": {by: "owner", query: mutation("startLivechat", "StartLivechatInput"), input: begun, want: desk.MessageUsage{Bytes: 5, Begins: true, ExternalID: "v1"}},
		"createTicket": {by: "owner", query: mutation("createTicket", "CreateTicketInput"), want: desk.MessageUsage{Begins: true, ExternalID: "v1"},
			input: func(w *space, _ inbox.Conversation) object {
				return object{"contact": object{"name": "Vera", "externalId": "v1"}, "subject": "Parcel", "to": object{"teamId": w.global("team support")}}
			}},
		"setConversationStatus": {by: "contact", query: mutation("setConversationStatus", "SetStatusInput"), want: desk.MessageUsage{Bytes: 5},
			input: func(_ *space, c inbox.Conversation) object {
				return object{"conversationId": resolvers.ConversationID(c.ID), "status": "CLOSED", "reason": "Hello"}
			}},
		"sendMessage by a member": {by: "owner", query: mutation("sendMessage", "SendMessageInput"), input: about, free: true},
	}
}

// Every mutation that contacts may use is a wordDoor, and each wordDoor by which a contact's
// words come asks the budget. Refused words leave nothing behind, and the caller is
// told when to come back.
func TestEveryDoorForAContactsWordsHasABudget(t *testing.T) {
	for _, mutation := range openToContacts(t)["Mutation"] {
		switch mutation {
		case "showAttention", "markDelivered", "markRead":
			continue // no words come by it; what one says by showAttention has a budget of its own
		}
		require.Equal(t, "contact", doors()[mutation].by, "%s is open to contacts: is what they write with it bounded?", mutation)
	}
	onEngines(t, func(t *testing.T, s *server) {
		for name, d := range doors() {
			t.Run(name, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", nil)
				c := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{Name: "Vera"}})
				if d.closed {
					w.as("owner").do(`mutation($id: ID!) { setConversationStatus(input: {conversationId: $id, status: CLOSED}) { userErrors { code } } }`, vars{"id": resolvers.ConversationID(c.ID)}).ok()
				}
				caller := w.contact(c)
				if d.by != "contact" {
					caller = w.as(d.by)
				}
				var got answer
				asked := s.words.while(func() { got = caller.do(d.query, vars{"input": d.input(w, c)}) })
				if d.free {
					require.Empty(t, asked)
					return
				}
				require.Equal(t, string(inbox.RateLimited), got.code(), got.text)
				require.Equal(t, number(3), got.Errors[0].Extensions["retryAfter"])
				require.Equal(t, "This is too much. Try again in 3 s.", got.Errors[0].Message)
				require.Len(t, asked, 1)
				who := asked[0].By.Kind
				require.Equal(t, d.by == "contact", who == workspace.ActorContact)
				asked[0].By = workspace.Actor{}
				want := d.want
				want.Workspace = w.id
				if want.ExternalID == "" {
					want.Contact = c.Contact
				}
				require.Equal(t, want, asked[0])
				page, err := s.store.ListMessages(t.Context(), desk.MessageQuery{Workspace: w.id, Conversation: c.ID, Page: inbox.PageRequest{Limit: 10}})
				require.NoError(t, err)
				for _, m := range page.Items {
					require.NotEqual(t, "Hello", m.Body)
				}
			})
		}
	})
}
